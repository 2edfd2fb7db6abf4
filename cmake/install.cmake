# What `make install` puts below PREFIX. The units name the program without a path, which systemd looks for in
# /usr/local/bin and /usr/bin.
include(GNUInstallDirs)
install(TARGETS vuln-datasync)
# Each document that another links to, in the same place beside it.
install(FILES README.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE .env.example
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES samples/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/samples)
install(PROGRAMS tools/follow_snapshot.sh DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
foreach(page vuln-datasync.1 vuln-datasync.toml.5)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/${page})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/man)
  execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/man/${page} OUTPUT_FILE ${PROJECT_BINARY_DIR}/man/${page}.gz
    COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "[0-9]$" section ${page})
  install(FILES ${PROJECT_BINARY_DIR}/man/${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES packaging/completions/vuln-datasync.bash RENAME vuln-datasync
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES packaging/completions/_vuln-datasync DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES packaging/systemd/vuln-datasync.service packaging/systemd/vuln-datasync-sync.service
  packaging/systemd/vuln-datasync-sync.timer DESTINATION lib/systemd/system)
