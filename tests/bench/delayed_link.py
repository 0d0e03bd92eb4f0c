"""Two TUN devices joined by a cable of a given length: `delayed_link.py MILLISECONDS`, one way.

Not every kernel has `tc netem`, and a delaying proxy would leave the TCP handshake fast. Both devices, near0 and far0,
are made in the namespace in which this runs; whoever wants one elsewhere moves it there, its packets still pass here.
"""

import collections
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN_WITHOUT_HEADER = 0x0001 | 0x1000


def device(name):
    tunnel = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tunnel, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN_WITHOUT_HEADER))
    return tunnel


def carry(delay):
    near, far = device("near0"), device("far0")
    other_end = {near: far, far: near}
    under_way = collections.deque()
    while True:
        pause = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        readable, _, _ = select.select([near, far], [], [], pause)
        arrived = time.monotonic()
        for end in readable:
            try:
                under_way.append((arrived + delay, other_end[end], os.read(end, 65536)))
            except OSError:
                pass  # the device is not up yet, or another packet was faster
        while under_way and under_way[0][0] <= time.monotonic():
            _, end, packet = under_way.popleft()
            try:
                os.write(end, packet)
            except OSError:
                pass


carry(float(sys.argv[1]) / 1000)
