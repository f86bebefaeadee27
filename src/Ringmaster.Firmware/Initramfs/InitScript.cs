namespace Ringmaster.Firmware.Initramfs;

/// <summary>The first program of the initramfs.</summary>
internal static class InitScript
{
    public const string Text = """
        #!/bin/busybox sh
        # The first program of this machine: prepares it, runs a shell or a script, powers off.
        export PATH=/sbin:/bin:/usr/sbin:/usr/bin HOME=/root
        export TERM="${TERM:-linux}"

        busybox mount -t proc proc /proc
        busybox --install -s
        mount -t sysfs sysfs /sys
        # The kernel mounts devtmpfs by itself on a disk only, never over an initramfs.
        mount -t devtmpfs devtmpfs /dev 2>/dev/null
        mkdir -p /dev/pts /dev/shm
        mount -t devpts devpts /dev/pts 2>/dev/null
        mount -t tmpfs tmpfs /tmp 2>/dev/null
        hostname -F /etc/hostname

        # The value of a kernel parameter, with or without quotes around the value or the whole.
        parameter() {
            sed -n -e "s/.*\"$1=\([^\"]*\)\".*/\1/p;t" -e "s/.*$1=\"\([^\"]*\)\".*/\1/p;t" -e "s/.*$1=\([^ ]*\).*/\1/p" /proc/cmdline
        }

        rows=$(parameter 'ringmaster\.rows')
        cols=$(parameter 'ringmaster\.cols')
        [ -n "$rows" ] && stty rows "$rows" 2>/dev/null
        [ -n "$cols" ] && stty cols "$cols" 2>/dev/null

        run=$(parameter 'ringmaster\.run')
        cd /root
        # cttyhack opens the terminal behind /dev/console, whichever console= chose: a controlling terminal and job control.
        if [ -x /script ]; then
            setsid cttyhack /script
        elif [ -n "$run" ]; then
            setsid cttyhack sh -c "$run"
        else
            echo
            echo "Ringmaster: Linux $(uname -r), $(nproc) CPU, $(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB. \"exit\" powers off."
            setsid cttyhack sh
        fi
        sync
        poweroff -f

        """;
}
