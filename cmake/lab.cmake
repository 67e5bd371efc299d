# The lab is a test like any other: worlds of real servers, each broken in a known way. It takes both cores, and it
# measures time, so nothing runs beside it.
if(FIX502_TESTS)
  add_test(NAME lab COMMAND ${CMAKE_SOURCE_DIR}/tools/lab_test $<TARGET_FILE:fix502>)
  set_tests_properties(lab PROPERTIES RUN_SERIAL TRUE TIMEOUT 1500 SKIP_RETURN_CODE 77 LABELS lab)
  # lab/gateway/run and lab/gateway/kill.py are run by hand: they are not yet at the bars that they hold.
  find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)
  if(FIX502_PYTHON)
    add_test(NAME lab:score COMMAND ${FIX502_PYTHON} -m unittest discover ${CMAKE_SOURCE_DIR}/lab)
    add_test(NAME lab:gateway-score COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${CMAKE_SOURCE_DIR}/lab
             ${FIX502_PYTHON} -B -m unittest discover ${CMAKE_SOURCE_DIR}/lab/gateway)
    set_tests_properties(lab:score lab:gateway-score PROPERTIES TIMEOUT 60)
  endif()
endif()
