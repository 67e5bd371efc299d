# Keeps a release build with all its tests short on two cores: only the program is optimised as a whole. The layers hold
# machine code beside what LTO needs, so that a dozen test programs need not each optimise all of them again; the tests
# themselves are not optimised at all.

# Without optimisation of its own, and linked to the layers' machine code.
function(fix502_test_options target)
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_compile_options(${target} PRIVATE -O0)
  target_link_options(${target} PRIVATE -fno-lto)
endfunction()

# The servers that misbehave need not be fast.
function(fix502_release_layer name)
  if(name MATCHES "^(faulty|demo)$")
    set_target_properties(fix502_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
    target_compile_options(fix502_${name} PRIVATE -O1)
  endif()
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
if(FIX502_TESTS)
  fix502_test_options(precompiled_test)
endif()
