# Holds the golden reports, which report_test compares with what the program writes, to the schemas in docs/.
find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)

function(fix502_schema name folder)
  file(GLOB reports CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/report/${folder}/*.json)
  add_test(NAME ${name}:schema
           COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/report/validate.py
                   ${CMAKE_SOURCE_DIR}/docs/${name}.schema.json ${reports})
  set_tests_properties(${name}:schema PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 60)
endfunction()

if(FIX502_TESTS AND FIX502_PYTHON)
  fix502_schema(report .)
  fix502_schema(gateway gateway)
endif()
