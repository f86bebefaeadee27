namespace Ringmaster.Cli.Help;

/// <summary>What help says beyond the list of options.</summary>
internal static class HelpText
{
    internal const string Keys = """

        Keys while a guest has the terminal:
          Ctrl-A x        leave: stop the machine at once
          Ctrl-A p        press the power button
          Ctrl-A s        show statistics
          Ctrl-A h        show this help
          Ctrl-A Ctrl-A   send Ctrl-A to the guest
          Ctrl-C          goes to the guest

        """;

    internal const string Exits = """

        Exit codes:
          0     the guest switched itself off
          2     the command line, a configuration or an input file is wrong
          4     the guest crashed (triple fault)
          6     the host failed, or ringmaster has a bug
          130   interrupted by a signal or Ctrl-A x
          odd   (value << 1) | 1, chosen by the guest through isa-debug-exit

        """;

    internal const string Root = """
        Examples:
          ringmaster run                          run the default guest in this terminal
          ringmaster run --help                   all about running guests
          ringmaster doctor                       see what this host can do
          ringmaster audit                        see that guests cannot tell an engine from a processor
          ringmaster bench --help                 measure it beside QEMU and this host (in a clone only)

        """ + Exits;

    private const string Run = """
        Examples:
          ringmaster run
          ringmaster run --kernel vmlinuz --initrd initrd.img --append "console=ttyS0 quiet" --memory 1G
          ringmaster run --config machine.yaml --serial pty
          ringmaster run --kernel test.elf --serial stdio --device isa-debug-exit,iobase=0xf4,iosize=4
          ringmaster run --net user -p 2222:22 -p 0.0.0.0:8080:80
          ringmaster run --net socket=/tmp/lan --net tap=tap0,bridge=br0
          ringmaster run --name web --cpus 1,max=4 --balloon --disk web.qcow2,id=root
          ringmaster run --console unix=/tmp/agent,name=org.qemu.guest_agent.0 --vsock path=/tmp/vsock
          ringmaster run --kernel boot.bin --entry real --load 0x7c00
          ringmaster run --disk disk.qcow2 --cdrom debian.iso --boot cdrom,disk
          ringmaster run --firmware uefi,vars=disk.vars --disk disk.qcow2
          ringmaster run --firmware bios --serial none --device debugcon,iobase=0x402

        """ + Keys + Exits;

    private const string Balloon = """
        Examples:
          ringmaster run --name web --memory 2G --balloon
          ringmaster balloon web 1G               the guest gives up what it can of the other gibibyte
          ringmaster balloon web 2G               it has all of it again
          ringmaster balloon web

        """;

    private const string Cpus = """
        Example:
          ringmaster run --name web --cpus 1,max=4
          ringmaster cpus web 4

        Linux finds new CPUs by ACPI and leaves them off line until it is told, by udev or with
          echo 1 > /sys/devices/system/cpu/cpu1/online

        """;

    private const string Plug = """
        Examples:
          ringmaster plug web disk data.qcow2
          ringmaster plug web disk fast.raw,interface=nvme,id=fast
          ringmaster plug web net user
          ringmaster plug web net tap=tap1,model=e1000,id=lan

        The command prints the device's name, by which "ringmaster unplug" finds it. Linux guests see it at once.

        """;

    private const string Unplug = """
        Examples:
          ringmaster unplug web disk1
          ringmaster unplug web lan

        The guest flushes and releases the device first; unmount file systems in it before. If it does not let go, the device stays and
        the command says so. It leaves when the guest changes its mind, or is reset.

        """;

    private const string Validate = """
        Example of a description (keys are the long options of "ringmaster run"):
          kernel: vmlinuz
          initrd: [initrd.img]
          append: console=ttyS0
          memory: 1G
          serial: [stdio, "file=second.log"]
          net: ["user,mtu=9000", "socket=/tmp/lan"]
          publish: ["2222:22"]
          device:
            - testdev
            - {type: isa-debug-exit, iobase: 0xf4, iosize: 4}

        """;

    private const string Doctor = """
        A tiny guest is run on /dev/kvm: from real mode through protected mode into long mode, as every system does. Some hosts answer
        all of KVM's calls and still run only guests that are made for them; trying is the only way to know. If it does not work, the
        line "remedy" says what to do.

        Examples:
          ringmaster doctor
          ringmaster doctor -o json | jq .kvm

        """;

    private const string Audit = """
        A processor can be virtualized by trapping alone if every instruction that is sensitive (shows or changes what belongs to the
        system) traps in user mode: Popek and Goldberg's condition. x86 breaks it; Robin and Irvine named seventeen instructions. This
        command executes them, and the privileged ones, in three places, and compares with what the manual says:
          natively, in user mode     "silent" is what a VMM that waits for traps would miss, with the value of this host that is seen
          in a guest's user mode     each engine must show the guest's own state, or raise the guest's exception
          in a guest's kernel        and the same there

        Examples:
          ringmaster audit                        all engines that work on this host
          ringmaster audit --engine translator
          ringmaster audit -o json | jq '.instructions[] | select(.native.traps | not) | .name'

        Exit codes:
          0     all engines audited show their guests what the manual says
          1     one does not
          2     the command line is wrong
          6     the host failed, or ringmaster has a bug

        docs/audit.md tells more.

        """;

    private const string Image = """
        Examples:
          ringmaster image create disk.qcow2 20G
          ringmaster image create clone.qcow2 -b disk.qcow2          only what differs from disk.qcow2 takes room
          ringmaster image info disk.qcow2
          ringmaster image convert -c disk.qcow2 small.qcow2         whole again, and compressed
          ringmaster image convert -O raw disk.qcow2 /tmp/disk.raw
          ringmaster image resize disk.qcow2 +10G
          ringmaster image check --repair disk.qcow2
          ringmaster image snapshot create disk.qcow2 before-upgrade

        A disk for a guest:
          ringmaster run --disk disk.qcow2                           boots from it
          ringmaster run --disk disk.qcow2 --firmware none           the default guest, with the disk
          ringmaster run --disk disk.qcow2,snapshot                  what the guest writes is gone at the end

        Formats are raw and qcow2. Others (VHDX, VMDK, VDI) are read by "qemu-img convert -O qcow2 OLD NEW.qcow2".

        """;

    private const string ImageCreate = """
        An image grows as the guest writes; one with --backing holds only what differs from the image that it is based on. That must
        not be written any more, and should keep its place.

        Examples:
          ringmaster image create disk.qcow2 20G
          ringmaster image create disk.raw 20G -f raw
          ringmaster image create clone.qcow2 -b base.qcow2 -F qcow2

        """;

    private const string ImageSnapshot = """
        Examples:
          ringmaster image snapshot create disk.qcow2 before-upgrade
          ringmaster image snapshot list disk.qcow2
          ringmaster image snapshot apply disk.qcow2 before-upgrade
          ringmaster image snapshot delete disk.qcow2 before-upgrade

        """;

    private const string ImageCheck = """
        Exit codes: 0 if nothing is wrong, or no more; 2 if something is.

        Leaks are clusters that are counted and not used: they waste room and nothing else. Everything else endangers the disk's
        content; work on a copy, then.

        """;

    private const string Completion = """
        Examples:
          bash   ringmaster completion bash > ~/.local/share/bash-completion/completions/ringmaster
          zsh    ringmaster completion zsh > "${fpath[1]}/_ringmaster"
          fish   ringmaster completion fish > ~/.config/fish/completions/ringmaster.fish

        """;

    /// <summary>The text of a command; empty if its options say it all.</summary>
    internal static string For(string command) => command switch
    {
        "run" => Run,
        "balloon" => Balloon,
        "cpus" => Cpus,
        "plug" => Plug,
        "unplug" => Unplug,
        "validate" => Validate,
        "doctor" => Doctor,
        "audit" => Audit,
        "image" => Image,
        "create" => ImageCreate,
        "snapshot" => ImageSnapshot,
        "check" => ImageCheck,
        "completion" => Completion,
        _ => "",
    };
}
