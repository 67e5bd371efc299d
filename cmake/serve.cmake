# `fix502 serve` as others meet it: its API as described, hostile clients, Prometheus.
find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)
if(FIX502_TESTS AND FIX502_PYTHON)
  foreach(part api hostile collector)
    add_test(NAME serve:${part} COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/serve/${part}.py $<TARGET_FILE:fix502>
                                        $<TARGET_FILE:faultd>)
    set_tests_properties(serve:${part} PROPERTIES TIMEOUT 300)
  endforeach()
endif()
