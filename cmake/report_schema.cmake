# Holds the golden reports, which report_test compares with what the program writes, to docs/report.schema.json.
find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)
if(FIX502_TESTS AND FIX502_PYTHON)
  file(GLOB reports CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/report/*.json)
  add_test(NAME report:schema
           COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/report/validate.py
                   ${CMAKE_SOURCE_DIR}/docs/report.schema.json ${reports})
  set_tests_properties(report:schema PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 60)
endif()
