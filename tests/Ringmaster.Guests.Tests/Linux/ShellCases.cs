namespace Ringmaster.Guests.Tests.Linux;

/// <summary>What every Linux guest has to get right: instructions, paging, interrupts and timers, seen from a shell.</summary>
internal static class ShellCases
{
    /// <summary>The cases; digests are the host's own tools' of the same bytes. The order is that in which they are typed: some use files of earlier ones.</summary>
    public static IReadOnlyList<ShellCase> All { get; } =
    [
        new("uname names the system", "uname -s; uname -n", "Linux\nringmaster"),
        new("the processor is described", "grep -c '^processor' /proc/cpuinfo; grep -c '^flags.* fpu .* tsc ' /proc/cpuinfo", "1\n1"),
        new("the shell calculates", "echo $((123456789 * 987654321)) $((-7 / 2)) $((7 % 4)) $((1 << 40 >> 38)) $((0x7fffffffffffffff + 1))",
            @"121932631112635269 -3 3 4 -9223372036854775808"),
        new("a file of numbers has the right length", "seq 1 20000 > /tmp/n; wc -lc < /tmp/n", @" *20000 +108894"),
        new("md5", "md5sum < /tmp/n", "e071f707df7bbeee2a6a1eb48011ddd0  -"),
        new("sha1", "sha1sum < /tmp/n", "49972ff155d0d5fb6bb9d8f18a7a4c4a2ea9562c  -"),
        new("sha256", "sha256sum < /tmp/n", "f6351f5ead9a700e34275480b3856ea738122a7c57bdeb744a631251c069587a  -"),
        new("sha512", "sha512sum < /tmp/n", 
            "7686a0fb0b50564b3e6f2e2ab9bdcbd55d450d1add4bc3ad888d32c51013c3e86eb9d4d89466904cc65a049c1b8e38615df616b31902701b1c81216a9cc5b42b  -"),
        new("sort by number, backwards", "sort -rn /tmp/n | head -n 3 | tr '\\n' ' '", "20000 19999 19998 "),
        new("sort as text", "sort /tmp/n | sed -n '1p;2p;20000p' | tr '\\n' ' '", "1 10 9999 "),
        new("gzip and back", "gzip < /tmp/n > /tmp/n.gz; gunzip < /tmp/n.gz | cmp - /tmp/n && echo same; [ $(wc -c < /tmp/n.gz) -lt 60000 ] && echo smaller", "same\nsmaller"),
        new("awk adds fractions", "awk 'BEGIN { for (i = 1; i <= 1000; i++) s += 1 / i; printf \"%.12f\", s }'", "7.485470860550"),
        new("awk iterates to a root", "awk 'BEGIN { x = 1; for (i = 0; i < 9; i++) x = (x + 2 / x) / 2; printf \"%.14f\", x }'", "1.41421356237309|1.41421356237310"),
        new("awk sums a series", "awk 'BEGIN { t = s = 1; for (i = 1; i < 25; i++) { t /= i; s += t } printf \"%.12f\", s }'", "2.718281828459"),
        new("awk rounds", "awk 'BEGIN { printf \"%.0f %.0f %.0f %d %g %g\", 0.5, 1.5, 2.5, -3.99, 1e300 * 1e10, 0.1 + 0.2 }'", "0 2 2 -3 inf 0.3"),
        new("sums over pipes", "seq 1 1000 | awk '{ s += $1 } END { print s }'; yes | head -n 5000 | wc -l", "500500\n5000"),
        new("dd copies", "dd if=/dev/zero of=/tmp/z bs=64k count=64 2>/dev/null; wc -c < /tmp/z; md5sum < /tmp/z", "4194304\nb5cfa9d6c8febd618f91ac2843d50a1c  -"),
        new("a file system is mounted", "mkdir -p /mnt; mount -t tmpfs none /mnt && echo x > /mnt/x && cat /mnt/x; grep -c ' /mnt tmpfs' /proc/mounts; umount /mnt; ls /mnt", "x\n1"),
        new("the clock has the host's date", "date -u +%s", @"\d{10}"),
        new("sleep takes its time", "a=$(cut -d' ' -f1 /proc/uptime | tr -d .); sleep 1; b=$(cut -d' ' -f1 /proc/uptime | tr -d .); d=$((b - a)); [ $d -ge 99 ] && [ $d -lt 1000 ] && echo good || echo $d", "good"),
        new("a child is killed and waited for", "sh -c 'sleep 1000 & kill $!; wait $!; echo $?'", @"(?:Terminated\n)?143"),
        new("exit codes", "sh -c 'exit 7'; echo $?; false || echo no", "7\nno"),
        new("many processes", "i=0; while [ $i -lt 100 ]; do (exit 0) || echo bad; i=$((i + 1)); done; echo $i", "100"),
        new("a fault kills only its process", "sh -c 'kill -SEGV $$'; echo $?", @"Segmentation fault\n139"),
        new("random numbers differ", "a=$(head -c 16 /dev/urandom | md5sum); b=$(head -c 16 /dev/urandom | md5sum); [ \"$a\" != \"$b\" ] && echo differ", "differ"),
        new("timer ticks are counted", "t() { awk '/^ *LOC:/ { print $2 }' /proc/interrupts; }; a=$(t); sleep 0.2; b=$(t); [ $b -gt $a ] && echo ticks", "ticks"),
        new("the serial port interrupts", "awk '/ttyS0/ { print ($2 > 0) }' /proc/interrupts", "1"),
        new("no interrupt goes astray", "awk '/^ *(ERR|MIS):/ { s += $2 } END { print s }' /proc/interrupts", "0"),
        new("memory is there", "awk '/^MemTotal/ { print ($2 > 400000 && $2 < 524288) }' /proc/meminfo", "1"),
        new("the time-stamp counter is the clock", "cat /sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc"),
        new("the real-time clock ticks", "a=$(cat /sys/class/rtc/rtc0/since_epoch); sleep 1.2; b=$(cat /sys/class/rtc/rtc0/since_epoch); [ $((b - a)) -ge 1 ] && [ $((b - a)) -lt 10 ] && echo ticks", "ticks"),
    ];
}
