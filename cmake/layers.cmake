# The house, floor by floor: each layer names every layer that its includes may mention (test/check_layers holds it to that).
# PURE layers know no socket, no file and no clock.
fix502_layer(base PURE LINKS fmt::fmt nlohmann_json::nlohmann_json)
# Servers that misbehave on purpose, for the demo, the tests and the lab.
fix502_layer(faulty USES base LINKS Boost::headers OpenSSL::SSL PkgConfig::LDNS Threads::Threads)
