/*
 * voice - <voice>: the loss of calls at a site.
 */
#ifndef MODELS_CRISIS_VOICE_H
#define MODELS_CRISIS_VOICE_H

#include <stdint.h>

/* Probability that a call finds no circuit.  Loads in erlang; ordinary calls leave the reserve free (0: Erlang B). */
struct voice_loss { double ordinary, priority; };
struct voice_loss voice_loss(double ordinary, double priority, uint32_t circuits, uint32_t reserve);

#endif
