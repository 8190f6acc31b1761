"""The OpenClaw plugin from end to end: the real gateway with the packed plugin, a
model of ours on loopback, the real bridge and a simulated QQ."""
