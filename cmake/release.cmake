# Keeps a release build with all its tests short on two cores. Debug and sanitizer builds have none of this, so they show
# what a precompiled header hides: a file that does not include what it uses.
#
# - The headers of others that nearly every file reads are compiled once: `plain`, `loop` with asio for the layers that
#   wait, `test` with GoogleTest.
# - Only the program is optimised as a whole. The layers hold machine code beside what LTO needs, so that a dozen test
#   programs need not each optimise all of them again; the tests themselves are not optimised at all.
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

# Without optimisation of its own, and linked to the layers' machine code.
function(fix502_test_options target)
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_compile_options(${target} PRIVATE -O0)
  target_link_options(${target} PRIVATE -fno-lto)
  target_compile_definitions(${target} PRIVATE FIX502_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
endfunction()

function(fix502_release_layer name)
  list(FIND ARGN Boost::headers waits)
  get_property(uses GLOBAL PROPERTY FIX502_USES_${name})
  if(name MATCHES "^(faulty|demo)$")
    fix502_release_lightly(${name})
  endif()
  if(waits GREATER_EQUAL 0 OR "net" IN_LIST uses)
    target_precompile_headers(fix502_${name} REUSE_FROM precompiled_loop)
  else()
    target_precompile_headers(fix502_${name} REUSE_FROM precompiled_plain)
  endif()
endfunction()

# The servers that misbehave need not be fast.
function(fix502_release_lightly name)
  set_target_properties(fix502_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_compile_options(fix502_${name} PRIVATE -O1)
endfunction()

function(fix502_release_test name)
  fix502_test_options(${name}_test)
  target_precompile_headers(${name}_test REUSE_FROM precompiled_test)
endfunction()

# What it does is wait: -O2 compiles faster, and nobody would notice -O3.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# What g++ 12 warns of after inlining is wrong for operator+ of strings (GCC bugs 105329, 105651) and for the frames of
# asio's coroutines, which have an operator new of their own. It also numbers the members of those frames per file, and
# then takes one inline coroutine for two. All these warnings stay on in the other builds.
set(after_inlining -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-maybe-uninitialized
                   -Wno-mismatched-new-delete)
target_compile_options(fix502_options INTERFACE -ffat-lto-objects ${after_inlining})
target_link_options(fix502_options INTERFACE ${after_inlining} -Wno-odr)
fix502_precompile(plain ${plain})
fix502_precompile(loop ${plain} ${loop})
if(FIX502_TESTS)
  find_package(GTest REQUIRED)
  fix502_precompile(test ${plain} <gtest/gtest.h>)
  target_link_libraries(precompiled_test PRIVATE GTest::gtest_main)
  fix502_test_options(precompiled_test)
endif()
