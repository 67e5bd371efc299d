# What bench/browser-cache runs.
if(FIX502_TESTS)
  add_executable(bench_browser_cache EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bench/browser_cache.cpp)
  target_link_libraries(bench_browser_cache PRIVATE fix502_browser)
endif()
