# The last touch to what goes into the package: Debian wants its change logs and
# manual pages compressed, and its zsh looks in a folder of its own.

set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
file(RENAME ${share}/zsh/site-functions ${share}/zsh/vendor-completions)

set(doc ${share}/doc/onebus)
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog.Debian "\
onebus (${version}) stable; urgency=medium

  * What has changed is in changelog.gz beside this file.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
file(GLOB pages ${share}/man/man*/*)
execute_process(
  COMMAND gzip -9n ${doc}/changelog ${doc}/changelog.Debian ${pages}
  COMMAND_ERROR_IS_FATAL ANY)
