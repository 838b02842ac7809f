"""The few names of the package vdsm that hook scripts of NICs import, for hosts without it. See hooking.py."""
