#!/usr/bin/perl
# Sends frames from links of this network namespace, as nothing else of a base system does: DEVICE HEX …
use strict;
use warnings;

use constant { AF_PACKET => 17, SOCK_RAW => 3 };

socket(my $socket, AF_PACKET, SOCK_RAW, 0) or die "no packet socket: $!\n";
while (my ($device, $frame) = splice @ARGV, 0, 2) {
    open(my $file, '<', "/sys/class/net/$device/ifindex") or die "there is no $device: $!\n";
    # struct sockaddr_ll, packet(7)
    my $address = pack('S n l S C C a8', AF_PACKET, 0, scalar <$file>, 0, 0, 6, '');
    send($socket, pack('H*', $frame), 0, $address) or die "$device: $!\n";
}
