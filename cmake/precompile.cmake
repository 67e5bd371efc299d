# The headers of others that nearly every file reads are compiled once: `plain`, `loop` with asio for the layers that wait,
# `test` with GoogleTest. For the builds that CI makes from nothing (release, asan), where the files of a folder are also
# compiled together (fix502_unite). A debug build has none of it, so it shows what both hide: a file that does not include
# what it uses.
set(plain <fmt/format.h> <nlohmann/json.hpp> <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set>
          <string> <string_view> <variant> <vector>)
set(loop <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp>
         <boost/asio/experimental/awaitable_operators.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
         <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>)

function(fix502_precompile name)
  add_library(precompiled_${name} OBJECT ${CMAKE_SOURCE_DIR}/cmake/empty.cpp)
  target_link_libraries(precompiled_${name} PRIVATE fix502_options fmt::fmt nlohmann_json::nlohmann_json)
  target_precompile_headers(precompiled_${name} PRIVATE ${ARGN})
endfunction()

function(fix502_precompile_layer name)
  list(FIND ARGN Boost::headers waits)
  get_property(uses GLOBAL PROPERTY FIX502_USES_${name})
  if(waits GREATER_EQUAL 0 OR "net" IN_LIST uses)
    target_precompile_headers(fix502_${name} REUSE_FROM precompiled_loop)
  else()
    target_precompile_headers(fix502_${name} REUSE_FROM precompiled_plain)
  endif()
endfunction()

fix502_precompile(plain ${plain})
fix502_precompile(loop ${plain} ${loop})
if(FIX502_TESTS)
  find_package(GTest REQUIRED)
  fix502_precompile(test ${plain} <gtest/gtest.h>)
  target_link_libraries(precompiled_test PRIVATE GTest::gtest_main)
  target_compile_definitions(precompiled_test PRIVATE FIX502_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
endif()
