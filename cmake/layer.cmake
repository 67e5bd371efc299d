# A layer is a folder of src/: one static library, and the other layers that its includes may name.
# Every *.cpp below the folder belongs to it; *_test.cpp files become the program <layer>_test.
add_library(fix502_options INTERFACE)
target_include_directories(fix502_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(fix502_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
# Boost 1.81 asks for its own separate compilation only when told so.
target_compile_definitions(fix502_options INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)

set_property(GLOBAL PROPERTY FIX502_LAYERS "")

function(fix502_layer name)
  cmake_parse_arguments(arg "PURE" "" "USES;LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    set(sources ${CMAKE_SOURCE_DIR}/cmake/empty.cpp)
  endif()
  add_library(fix502_${name} STATIC ${sources})
  target_link_libraries(fix502_${name} PUBLIC fix502_options ${arg_LINKS})
  foreach(used IN LISTS arg_USES)
    target_link_libraries(fix502_${name} PUBLIC fix502_${used})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY FIX502_LAYERS "${name}")
  set_property(GLOBAL PROPERTY FIX502_USES_${name} "${arg_USES}")
  set_property(GLOBAL PROPERTY FIX502_PURE_${name} "${arg_PURE}")

  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*_test.cpp
       ${CMAKE_SOURCE_DIR}/tests/${name}/*_test.cpp ${CMAKE_SOURCE_DIR}/test/${name}/*_test.cpp)
  if(FIX502_TESTS AND tests)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE fix502_${name} GTest::gtest_main)
    target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/test)
    target_compile_definitions(${name}_test PRIVATE FIX502_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}: PROPERTIES TIMEOUT 120)
  endif()
endfunction()
