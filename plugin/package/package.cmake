# SPDX-License-Identifier: GPL-2.0-or-later
# Packages: `cpack -G DEB` in the build directory makes wireshark-qoe_*.deb for all users of a machine,
# `cmake --build . --target user-package` a tar.gz that one user installs without root.
set(QOE_MAINTAINER "qoe maintainers <maintainers@qoe.invalid>" CACHE STRING "Who answers for the package: name <address>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wireshark-qoe)
set(CPACK_PACKAGE_VENDOR qoe)
set(CPACK_PACKAGE_CONTACT "${QOE_MAINTAINER}")
# One source, a package a Wireshark: the version says for which.
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION}+ws${QOE_PLUGINS_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "video quality of encrypted streams for Wireshark ${QOE_PLUGINS_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION
"Shows in Wireshark and tshark what video quality the viewer of an encrypted
stream got: which server streamed what, when each segment was downloaded,
and at which resolution the film played. Nothing is decrypted.
.
It adds fields to filter by, statistics, tables, exports and a graph, and
brings a model, a profile named QoE, and qoe-train, which makes models of
labelled captures.")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_ENHANCES "wireshark, tshark")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
# Which libraries it needs is known once it is built: this file is read when cpack runs.
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/depends.cmake)
set(QOE_PACKAGE_PLUGIN ${QOE_BUILD_EPAN}/qoe.so)
set(QOE_PACKAGE_WINDOW ${QOE_BUILD_DATA}/qoe-ui.so)
set(QOE_PACKAGE_TRAIN ${CMAKE_BINARY_DIR}/models/qoe-train)
set(CPACK_VERBATIM_VARIABLES ON)
foreach(variable QOE_PACKAGE_PLUGIN QOE_PACKAGE_WINDOW QOE_PACKAGE_TRAIN)
    set(CPACK_${variable} ${${variable}}) # cpack is told of variables of that name only
endforeach()
include(CPack)

if(QOE_INSTALL STREQUAL "global")
    set(documents share/doc/wireshark-qoe)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright README.md DESTINATION ${documents})
    find_program(GZIP gzip)
    if(GZIP)
        set(changes ${CMAKE_BINARY_DIR}/package)
        string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
        file(WRITE ${changes}/changelog.Debian
"wireshark-qoe (${CPACK_PACKAGE_VERSION}-1) unstable; urgency=medium

  * Built from ${PROJECT_VERSION} for Wireshark ${QOE_PLUGINS_VERSION}; see changelog.gz.

 -- ${QOE_MAINTAINER}  ${date}
")
        configure_file(CHANGELOG.md ${changes}/changelog COPYONLY)
        execute_process(COMMAND ${GZIP} -9nf ${changes}/changelog.Debian ${changes}/changelog)
        install(FILES ${changes}/changelog.Debian.gz ${changes}/changelog.gz DESTINATION ${documents})
    endif()
endif()

add_custom_target(user-package
    COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/tarball.sh ${CMAKE_BINARY_DIR} ${PROJECT_VERSION} ${QOE_PLUGINS_VERSION}
    DEPENDS qoe qoe-models qoe-train VERBATIM)
if(TARGET qoe-window)
    add_dependencies(user-package qoe-window)
endif()
