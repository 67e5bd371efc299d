# The page's files, and the description of the API, compiled into the program: `embedded_files()` in src/serve/assets.hpp.
# The assembler reads them as they are (.incbin), so they cost no compile time. A new file in src/page/assets/ is found by itself.
file(GLOB_RECURSE pages CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/page/assets ${CMAKE_SOURCE_DIR}/src/page/assets/*)
list(FILTER pages INCLUDE REGEX "\\.(html|css|js|json|svg|png|webp|ico|woff2|txt|webmanifest)$")
set(rows "")
set(bytes "")
set(number 0)
function(fix502_embed path file)
  math(EXPR number "${number} + 1")
  set(number ${number} PARENT_SCOPE)
  set(name "fix502_page_${number}")
  set(bytes "${bytes}extern const char ${name}[], ${name}_end[];\nasm(\".section .rodata\\n.global ${name}\\n${name}:\\n.incbin \\\"${file}\\\"\\n.global ${name}_end\\n${name}_end:\\n.byte 0\\n.text\\n\");\n" PARENT_SCOPE)
  set(rows "${rows}      {\"${path}\", {${name}, static_cast<std::size_t>(${name}_end - ${name})}},\n" PARENT_SCOPE)
  set(embedded_depends ${embedded_depends} ${file} PARENT_SCOPE)
endfunction()
foreach(page IN LISTS pages)
  fix502_embed("/${page}" ${CMAKE_SOURCE_DIR}/src/page/assets/${page})
endforeach()
fix502_embed("/api/openapi.json" ${CMAKE_SOURCE_DIR}/docs/openapi.json)
set(embedded ${CMAKE_BINARY_DIR}/embedded_files.cpp)
file(CONFIGURE OUTPUT ${embedded} @ONLY CONTENT
"// Written by cmake/page.cmake.
#include \"serve/assets.hpp\"

extern \"C\" {
@bytes@}

namespace fix502 {

const std::vector<EmbeddedFile>& embedded_files() {
  static const std::vector<EmbeddedFile> kFiles = {
@rows@  };
  return kFiles;
}

}  // namespace fix502
")
set_source_files_properties(${embedded} PROPERTIES OBJECT_DEPENDS "${embedded_depends}" SKIP_UNITY_BUILD_INCLUSION ON)
target_sources(fix502_serve PRIVATE ${embedded})
