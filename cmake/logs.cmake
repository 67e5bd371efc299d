# What `fix502 logs` finds in logs whose truth is known, and its JSON held to docs/logs.schema.json.
find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)
if(FIX502_TESTS AND FIX502_PYTHON)
  add_test(NAME logs:scenarios
           COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/logs/check.py $<TARGET_FILE:fix502>
                   --schema ${CMAKE_SOURCE_DIR}/docs/logs.schema.json -v)
  add_test(NAME logs:command COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/logs/command.py $<TARGET_FILE:fix502>)
  set_tests_properties(logs:scenarios logs:command PROPERTIES TIMEOUT 300)
endif()
