# The fault servers compress what they send, and the lab runs them as a program.
find_package(ZLIB REQUIRED)
target_link_libraries(fix502_faulty PUBLIC ZLIB::ZLIB)
if(FIX502_TESTS)
  add_executable(faultd ${CMAKE_SOURCE_DIR}/lab/faultd.cpp)
  target_link_libraries(faultd PRIVATE fix502_faulty CLI11::CLI11)
endif()
