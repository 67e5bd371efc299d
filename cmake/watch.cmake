# The watch and the history as a person uses them, against a site that heals within seconds.
if(FIX502_TESTS)
  find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)
  if(FIX502_PYTHON)
    add_test(NAME watch:end-to-end COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/watch/end_to_end.py
                                           $<TARGET_FILE:fix502> $<TARGET_FILE:faultd>)
    set_tests_properties(watch:end-to-end PROPERTIES TIMEOUT 300)
  endif()
endif()
