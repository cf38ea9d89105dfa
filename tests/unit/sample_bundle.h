/* A small bundle for tests: three classes told apart by one input, worked out by hand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_SAMPLE_BUNDLE_H
#define QOE_TEST_SAMPLE_BUNDLE_H

/* Expert "films" speaks for Netflix over TCP: 240, 480 and 1080 lines by size_last5, with centres at z = -2, 0
 * and 2 of log1p(size). One support vector a class: the machines' decisions are differences of two kernels. */
#define SAMPLE_SVM                                                                                                     \
    "svm\n"                                                                                                            \
    "svm_type c_svc\n"                                                                                                 \
    "kernel_type rbf\n"                                                                                                \
    "gamma 0.5\n"                                                                                                      \
    "nr_class 3\n"                                                                                                     \
    "total_sv 3\n"                                                                                                     \
    "rho 0 0 0\n"                                                                                                      \
    "label 480 240 1080\n"                                                                                             \
    "probA -4 -4 -4\n"                                                                                                 \
    "probB 0 0 0\n"                                                                                                    \
    "nr_sv 1 1 1\n"                                                                                                    \
    "SV\n"                                                                                                             \
    "1 1 1:0 2:0 \n"                                                                                                   \
    "-1 1 1:-2 2:0 \n"                                                                                                 \
    "-1 -1 1:2 2:0 \n"                                                                                                 \
    "end expert\n"

#define SAMPLE_RULES                                                                                                   \
    "classes 240 480 1080\n"                                                                                           \
    "label vote\n"                                                                                                     \
    "minimum_objects 2\n"                                                                                              \
    "minimum_probability 0.3\n"                                                                                        \
    "silence_limit_s 120\n"                                                                                            \
    "outside_share 0.5\n"                                                                                              \
    "inputs 2\n"                                                                                                       \
    "size_last5 log1p 13 1 -3 3\n"                                                                                     \
    "window_idle none 0 1 0 1\n"                                                                                       \
    "calibration 0\n"

#define SAMPLE_HEAD                                                                                                    \
    "qoemodel 1\n"                                                                                                     \
    "name Sample\n"                                                                                                    \
    "version 1.0\n"                                                                                                    \
    "origin made by hand\n"                                                                                            \
    "features 1\n"

#define SAMPLE_FILMS "expert films\nservice Netflix\ntransports tcp\n" SAMPLE_RULES "filter none\n" SAMPLE_SVM
#define SAMPLE_GENERAL                                                                                                 \
    "expert any\ngeneral\ntransports tcp udp\n" SAMPLE_RULES "filter forward 0.4\n"                                    \
    "0.9 0.1 0\n0.05 0.9 0.05\n0 0.1 0.9\n" SAMPLE_SVM

#define SAMPLE_BUNDLE SAMPLE_HEAD "experts 2\n" SAMPLE_FILMS SAMPLE_GENERAL "end bundle\n"
#define SAMPLE_FILMS_ONLY SAMPLE_HEAD "experts 1\n" SAMPLE_FILMS "end bundle\n"

#endif
