#!/bin/sh
# The first program of Ringmaster's default guest.
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev 2>/dev/null
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root PS1='guest:\w# '
hostname guest
cd /root

# Linux hands words of its command line that it does not know to init: LINES, COLUMNS and TERM come from there.
if [ -n "$LINES" ] && [ -n "$COLUMNS" ]; then
    stty rows "$LINES" cols "$COLUMNS" 2>/dev/null
fi

echo
echo "Linux $(uname -r) with busybox. 'exit' or 'poweroff' switches the machine off; Ctrl-A h shows the keys."
echo
setsid cttyhack sh
poweroff -f
