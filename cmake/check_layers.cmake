# Writes down what the layers said of themselves, for tests/check_layers.py to hold the includes to: a line per layer,
# its name, "pure" or "-", and the layers that it may name.
get_property(layers GLOBAL PROPERTY FIX502_LAYERS)
set(table "")
foreach(layer IN LISTS layers)
  get_property(uses GLOBAL PROPERTY FIX502_USES_${layer})
  get_property(pure GLOBAL PROPERTY FIX502_PURE_${layer})
  if(pure)
    set(kind pure)
  else()
    set(kind -)
  endif()
  list(JOIN uses " " uses)
  string(APPEND table "${layer} ${kind} ${uses}\n")
endforeach()
file(WRITE ${CMAKE_BINARY_DIR}/layers.txt "${table}")

find_program(FIX502_PYTHON NAMES python3 HINTS /usr/bin)
if(FIX502_TESTS AND FIX502_PYTHON)
  add_test(NAME layers:includes
           COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/check_layers.py ${CMAKE_BINARY_DIR}/layers.txt ${CMAKE_SOURCE_DIR}/src)
  add_test(NAME layers:self-test COMMAND ${FIX502_PYTHON} ${CMAKE_SOURCE_DIR}/tests/check_layers.py --self-test)
  set_tests_properties(layers:includes layers:self-test PROPERTIES TIMEOUT 60)
endif()
