# `make package`: a Debian package of what install.cmake installs, below /usr, and the settings in /etc. Its
# dependencies on libraries come from dpkg-shlibdeps, those on programs from the section [run] of debian-packages.txt:
# recommended is what `serve` starts as it is installed (Redis for its queue, pg_dump for its daily export), suggested the
# PostgreSQL server, which the settings have to ask for.
install(FILES packaging/vuln-datasync.toml DESTINATION /etc/vuln-datasync COMPONENT package EXCLUDE_FROM_ALL)
install(FILES packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT package EXCLUDE_FROM_ALL)
set(CPACK_INSTALL_CMAKE_PROJECTS
  "${PROJECT_BINARY_DIR};${PROJECT_NAME};ALL;/;${PROJECT_BINARY_DIR};${PROJECT_NAME};package;/")

file(STRINGS debian-packages.txt lines)
list(FIND lines "[run]" first)
list(SUBLIST lines ${first} -1 lines)
set(recommended "")
set(suggested "")
foreach(line IN LISTS lines)
  if(line MATCHES "^\\[" AND NOT line STREQUAL "[run]")
    break()
  elseif(line MATCHES "^postgresql-[0-9]+$")
    list(APPEND suggested ${line})
  elseif(line MATCHES "^[a-z]" AND NOT line STREQUAL "git")
    list(APPEND recommended ${line})
  endif()
endforeach()
list(JOIN recommended ", " recommended)
list(JOIN suggested ", " suggested)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Vulnerability data of OSV, GitLab and CVE in one PostgreSQL database")
set(CPACK_PACKAGE_DESCRIPTION "It fetches the advisories of OSV, the GitLab advisory database and the CVE
list, finds out which of them describe the same vulnerability, and keeps one
merged record of each in PostgreSQL: with the source of every field, a feed of
changes, an HTTP API and snapshots for others.

Nothing runs before /etc/vuln-datasync/vuln-datasync.toml says where the
database is. The queue of the service needs redis-server, or a Redis that the
same file names; exports need the programs of postgresql-client-15; a private
PostgreSQL ('embedded' in that file) needs postgresql-15.")
set(CPACK_PACKAGE_CONTACT "the authors of vuln-datasync <vuln-datasync@localhost>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, git, procps")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "${recommended}")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "${suggested}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/debian/conffiles ${PROJECT_SOURCE_DIR}/packaging/debian/postinst
  ${PROJECT_SOURCE_DIR}/packaging/debian/prerm ${PROJECT_SOURCE_DIR}/packaging/debian/postrm)
# The program is all that has to be built for it, not the tests.
set(CMAKE_SKIP_PACKAGE_ALL_DEPENDENCY ON)
include(CPack)
