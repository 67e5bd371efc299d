# The house, floor by floor: each layer names every layer that its includes may mention (tests/check_layers.py holds it to that).
# PURE layers know no socket, no file and no clock.
fix502_layer(base PURE LINKS fmt::fmt nlohmann_json::nlohmann_json)
# Servers that misbehave on purpose, for the demo, the tests and the lab.
fix502_layer(faulty USES base LINKS Boost::headers OpenSSL::SSL PkgConfig::LDNS Threads::Threads)
fix502_layer(target PURE USES base LINKS PkgConfig::CURL PkgConfig::IDN2)
fix502_layer(observation PURE USES base target)
fix502_layer(net USES base target observation LINKS Boost::headers OpenSSL::SSL PkgConfig::CURL PkgConfig::LDNS Threads::Threads)
fix502_layer(sys USES base target observation LINKS Boost::headers)
# What gateways are configured to do, read out of their own files; what was seen beside it.
fix502_layer(gateway PURE USES base target observation LINKS PkgConfig::PCRE2)
fix502_layer(resolver USES base target observation net sys LINKS Boost::headers Threads::Threads)
# Asks an upstream as the gateway does.
fix502_layer(upstream USES base target observation gateway net LINKS Boost::headers OpenSSL::SSL PkgConfig::NGHTTP2 Threads::Threads)
fix502_layer(signature PURE USES base target observation)
# The edge of a CDN against the origin behind it: what differs, and which setting would make it differ that way.
fix502_layer(edge PURE USES base target observation signature)
# The gateway's machine: who listens, who may open what, what has run out; and a gateway's whole case put together.
fix502_layer(owner USES base target observation gateway net sys upstream signature LINKS Boost::headers Threads::Threads)
fix502_layer(browser USES base target observation sys signature LINKS OpenSSL::Crypto PkgConfig::PSL PkgConfig::SQLITE ZLIB::ZLIB ${FIX502_MEMENV} ${FIX502_LEVELDB})
fix502_layer(fault PURE USES base target observation signature edge)
# The owner's side: evidence of one way through a gateway to its cause.
fix502_layer(cause PURE USES base target observation signature gateway fault)
fix502_layer(remedy PURE USES base target observation signature fault)
fix502_layer(report PURE USES base target observation signature edge gateway fault cause remedy)
fix502_layer(headless USES base target observation net LINKS Boost::headers OpenSSL::Crypto)
fix502_layer(experiment USES base target observation net sys signature edge browser headless)
fix502_layer(pipeline USES base target observation net sys browser headless experiment fault remedy report)
fix502_layer(history USES base target LINKS PkgConfig::SQLITE)
fix502_layer(watch USES base target observation net sys signature browser headless experiment fault remedy report pipeline history LINKS PkgConfig::SYSTEMD)
fix502_layer(demo USES base target observation net sys browser headless experiment fault remedy report pipeline faulty)
# What gateways' log lines mean (logline), and reading them out of files at the speed of the disk (logs).
fix502_layer(logline PURE USES base)
fix502_layer(logs USES base logline LINKS PkgConfig::HYPERSCAN PkgConfig::LZMA PkgConfig::SQLITE PkgConfig::ZSTD ZLIB::ZLIB Threads::Threads)
# The local page's server: its API, live events, and Prometheus' /probe and /metrics.
fix502_layer(serve USES base target observation net sys signature browser headless experiment fault remedy report pipeline history watch demo LINKS Boost::headers OpenSSL::SSL ${FIX502_RE2} PkgConfig::YAML ZLIB::ZLIB Threads::Threads)
include(${CMAKE_CURRENT_LIST_DIR}/page.cmake)
# Carries remedies out: journal, change, ask again, undo.
fix502_layer(repair USES base target observation sys remedy)
# A gateway looked at from its own machine, judged, and changed.
fix502_layer(inspect USES base target observation net sys gateway upstream owner fault cause remedy report repair logs LINKS Boost::headers Threads::Threads)
fix502_layer(cli USES base target observation net sys resolver browser headless experiment gateway fault cause remedy report pipeline demo history watch serve repair logline logs inspect LINKS CLI11::CLI11)

add_executable(fix502 ${CMAKE_SOURCE_DIR}/src/main.cpp)
target_link_libraries(fix502 PRIVATE fix502_cli)
target_compile_definitions(fix502_options INTERFACE FIX502_VERSION="${PROJECT_VERSION}")
