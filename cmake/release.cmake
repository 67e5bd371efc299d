# Keeps a release build with all its tests short on two cores. No link-time optimisation: it cost two minutes of nine, and
# files compiled together (fix502_unite) see each other anyway. The tests themselves are not optimised at all.
function(fix502_test_options target)
  target_compile_options(${target} PRIVATE -O0)
endfunction()

# What fix502 does is wait, and nobody would notice -O2, save where it reads gigabytes.
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")
function(fix502_release_layer name)
  if(name MATCHES "^(base|browser|logline|logs)$")
    target_compile_options(fix502_${name} PRIVATE -O2)
    set_target_properties(fix502_${name} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON) # g++ has them for one -O only
  endif()
endfunction()

# What g++ 12 warns of after inlining is wrong for operator+ of strings (GCC bugs 105329, 105651) and for the frames of
# asio's coroutines, which have an operator new of their own. All these warnings stay on in the other builds.
set(after_inlining -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-maybe-uninitialized
                   -Wno-mismatched-new-delete)
target_compile_options(fix502_options INTERFACE ${after_inlining})
if(FIX502_TESTS)
  fix502_test_options(precompiled_test)
endif()
