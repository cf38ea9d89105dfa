# SPDX-License-Identifier: GPL-2.0-or-later
# Read by cpack: asks dpkg-shlibdeps what the built files need. libwireshark's package carries its major version in its
# name, so the package goes with the Wireshark that it was built for and with no other. The window's Qt is but recommended:
# who has tshark only needs none.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()
set(work ${CPACK_TOPLEVEL_DIRECTORY}/shlibdeps)
file(WRITE ${work}/debian/control "Source: wireshark-qoe\n\nPackage: wireshark-qoe\nArchitecture: any\n")
set(asked -dDepends -e${CPACK_QOE_PACKAGE_PLUGIN} -e${CPACK_QOE_PACKAGE_TRAIN})
if(EXISTS ${CPACK_QOE_PACKAGE_WINDOW})
    list(APPEND asked -dRecommends -e${CPACK_QOE_PACKAGE_WINDOW})
endif()
execute_process(COMMAND dpkg-shlibdeps -O ${asked} WORKING_DIRECTORY ${work} OUTPUT_VARIABLE said RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT said MATCHES "shlibs:Depends=([^\n]+)")
    message(FATAL_ERROR "dpkg-shlibdeps did not say what the plugin needs (status ${status}). On Debian: apt install dpkg-dev")
endif()
set(CPACK_DEBIAN_PACKAGE_DEPENDS "${CMAKE_MATCH_1}")
if(said MATCHES "shlibs:Recommends=([^\n]+)")
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "${CMAKE_MATCH_1}")
endif()
