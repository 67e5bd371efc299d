# The local page in real browsers, and its table of words.
if(FIX502_TESTS)
  foreach(part words chromium firefox)
    add_test(NAME page:${part} COMMAND ${CMAKE_SOURCE_DIR}/tests/page/run $<TARGET_FILE:fix502> ${part})
    # A browser has more than one process.
    set_tests_properties(page:${part} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 PROCESSORS 2)
  endforeach()
endif()
