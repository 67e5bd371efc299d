# libFuzzer programs, one for each reader of bytes from outside; tools/fuzz runs them. A new one is a file in
# tests/fuzz/, its seeds in tests/fuzz/corpus/NAME/, and a line here with the layer that it tests.
function(fix502_fuzz name layer)
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.cpp)
  target_link_libraries(fuzz_${name} PRIVATE fix502_${layer})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers fuzz_${name})
endfunction()

if(FIX502_FUZZ)
  # libstdc++ 12's own stable_sort calls what it has deprecated, and clang says so.
  target_compile_options(fix502_options INTERFACE -Wno-deprecated-declarations)
  add_custom_target(fuzzers)
  fix502_fuzz(dns net)
  fix502_fuzz(fields signature)
  fix502_fuzz(page signature)
  fix502_fuzz(url target)
  fix502_fuzz(machine sys)
  fix502_fuzz(run report)
  fix502_fuzz(caches resolver)
endif()
