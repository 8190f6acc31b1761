# What `cmake --install` puts where beside the program, and what `cpack` makes a
# Debian package of.

set(doc ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md README.zh.md CHANGELOG.md deploy/onebus.sample.json
        DESTINATION ${doc})
# Where the README's links lead to.
install(FILES deploy/NATS.md deploy/NATS.zh.md
              deploy/OPERATIONS.md deploy/OPERATIONS.zh.md deploy/METRICS.md
              deploy/SETTINGS.md deploy/SETTINGS.zh.md
              deploy/TROUBLESHOOTING.md deploy/TROUBLESHOOTING.zh.md
        DESTINATION ${doc}/deploy)
install(DIRECTORY deploy/prometheus deploy/grafana deploy/recipes DESTINATION ${doc}/deploy)
install(FILES LICENSE DESTINATION ${doc} RENAME copyright)
install(DIRECTORY schema/ DESTINATION ${CMAKE_INSTALL_DATADIR}/onebus/schema
        PATTERN "*.py" EXCLUDE PATTERN "__pycache__" EXCLUDE)

# systemd looks for units in lib, whatever else is in lib64 or lib/<triplet>.
configure_file(deploy/systemd/onebus.service.in onebus.service @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/onebus.service
        DESTINATION lib/systemd/system)

# The package brings settings; an install by hand must not overwrite any.
install(FILES deploy/debian/onebus.json DESTINATION /etc/onebus
        COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_CMAKE_PROJECTS
  "${PROJECT_BINARY_DIR};onebus;ALL;/" "${PROJECT_BINARY_DIR};onebus;debian;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_PACKAGE_CONTACT "The onebus authors <maintainers@onebus.invalid>"
  CACHE STRING "Who maintains the package")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/deploy/debian/prepare.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "NapCatQQ, or any other OneBot 11 implementation, connects by WebSocket; every
event comes out as MessagePack on an NNG topic, and actions sent to an NNG
request socket reach QQ and come back with a verdict. Events are kept on disk
before they are published, so that consumers miss nothing. They can be put on
a NATS JetStream stream as well.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/deploy/debian/conffiles
  ${PROJECT_SOURCE_DIR}/deploy/debian/postinst
  ${PROJECT_SOURCE_DIR}/deploy/debian/prerm
  ${PROJECT_SOURCE_DIR}/deploy/debian/postrm)
include(CPack)
