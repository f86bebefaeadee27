using Ringmaster.Control;
using System.CommandLine;
using Ringmaster.Cli.Logging;
using Ringmaster.Cli.Run;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster run.</summary>
internal static class RunCommand
{
    internal static Command Build(CliEnvironment environment)
    {
        Option<string[]>[] machine =
        [
            Machine(OptionKeys.Firmware, "bios|uefi|FILE", "Firmware to start at the reset vector: SeaBIOS, OVMF or a file. uefi,vars=PATH keeps its variables there; "
                + "otherwise they are lost at the end. none starts a kernel directly. [default: bios with disks and no kernel, or else none]"),
            Machine(OptionKeys.Boot, "DEVICE,..", "What firmware boots from, in this order: disk, cdrom, net, floppy, or devices such as disk1; "
                + "menu[=SECONDS] offers a choice. [default: the firmware's own order]"),
            Machine(OptionKeys.Kernel, "FILE", "Kernel to start: a Linux image, ELF or multiboot. Without it, a small default guest runs."),
            Machine(OptionKeys.Initrd, "FILE[,FILE]", "Initial RAM disks, one after the other."),
            Machine(OptionKeys.Append, "TEXT", "The kernel's command line. [default: console=ttyS0]"),
            Machine(OptionKeys.Machine, "q35|pc", "Board: q35 has PCI Express; pc suits systems older than that. [default: q35]"),
            Machine(OptionKeys.Memory, "SIZE[,SETTING]", "RAM: 512M, 1.5G; a bare number counts MiB. Settings: huge=never|thp|2M|1G, the host's pages that it is made of; lock keeps it from being swapped out. [default: 512M]"),
            Machine(OptionKeys.Cpus, "N,KEY=N", "How many CPUs, and how they are arranged: sockets=, cores=, threads=; with max=N, more can be added later. [default: 1]"),
            Machine(OptionKeys.Cpu, "MODEL,+F,-F", "CPU model, and features to switch on and off. [default: x86-64-v3 if the host has that, or else x86-64-v2]"),
            Machine(OptionKeys.Engine, "NAME[,SETTING]", "auto, kvm, translator or interpreter, and settings: of kvm irqchip=split|user|kernel, ioeventfd=on|off; of the translator cache=SIZE, threshold=N, count, perf-map, compare. [default: auto]"),
            Machine(OptionKeys.Paravirt, "kvm|none", "Interfaces of KVM's for guests that know it: clock, stolen time, TLB flushes. Only with the engine kvm. [default: kvm with that engine, or else none]"),
            Switch(OptionKeys.HyperV, "Hyper-V's interfaces for guests in place of KVM's: clock page, hypercalls, TLB flushes. Only with the engine kvm."),
            Machine(OptionKeys.Serial, "BACKEND", "Serial port: stdio, file=PATH, pty, unix=PATH or none. May be repeated. [default: stdio]"),
            Machine(OptionKeys.Display, "BACKEND", "Screen, keyboard and pointer: none, or vnc=[ADDRESS]:N or vnc=unix:PATH, each with ,password-file=PATH. [default: none]"),
            Machine(OptionKeys.Vga, "std|none", "Whether there is a screen, also while nobody looks at it. [default: std with --display, or else none]"),
            Machine(OptionKeys.Input, "tablet|mouse|keyboard", "What the display's pointer and keys are for the guest: a virtio tablet, or only the PS/2 mouse; a virtio keyboard. May be repeated. [default: tablet, if there is a screen]"),
            Machine(OptionKeys.Disk, "PATH[,SETTING]", "Disk image or block device, with settings: id=NAME, interface=virtio|nvme|sata|ide, format=raw|qcow2, readonly, snapshot, cache=writeback|writethrough|unsafe. May be repeated."),
            Machine(OptionKeys.Cdrom, "PATH", "CD-ROM image. May be repeated."),
            Machine(OptionKeys.Floppy, "PATH[,SETTING]", "Diskette image, with settings: readonly, snapshot, format=raw|qcow2. May be given twice."),
            Machine(OptionKeys.Share, "DIR[,tag=NAME,ro]", "Directory that the guest can mount (-t 9p -o trans=virtio,version=9p2000.L). May be repeated. [default tag: the directory's name]"),
            Machine(OptionKeys.Entry, "auto|real", "How the kernel is started: as its format says, or in real mode. [default: auto]"),
            Machine(OptionKeys.Load, "ADDRESS", "Where a flat binary is put."),
            Machine(OptionKeys.Device, "NAME,KEY=VALUE", "testdev, isa-debug-exit[,iobase=..,iosize=..] or debugcon[,iobase=..,output=BACKEND]."),
            Machine(OptionKeys.Net, "NETWORK", "Network device: user[,mtu=N,dns=IP,loopback=on], tap=NAME[,bridge=NAME,script=FILE], socket=PATH or none; "
                + "each with ,id=NAME, ,mac=ADDRESS and ,model=virtio|e1000. May be repeated. [default: user with --publish, and with disks if passt works; or else none]"),
            Machine(OptionKeys.Publish, "[IP:]HOST:GUEST[/udp]", "Let a port of the host lead to one of the guest, with --net user. "
                + "Without an IP, only this host reaches it. May be repeated.", "-p"),
            Machine(OptionKeys.Console, "BACKEND[,name=NAME]", "Virtio console: stdio, file=PATH, pty or unix=PATH; with a name, a port for a program in the guest (/dev/virtio-ports/NAME). May be repeated."),
            Machine(OptionKeys.Vsock, "path=PATH[,cid=N]", "Sockets between guest and host: PATH leads to the guest's ports, PATH_PORT to one of the host's. [default cid: 3]"),
            Switch(OptionKeys.Balloon, "Memory balloon, by which \"ringmaster balloon\" takes memory from the guest; memory that the guest frees goes back to the host."),
        ];
        var config = new Option<string>("--config") { HelpName = "FILE", Description = "Read options from a YAML or JSON file first." };
        var statistics = new Option<bool>("--stats") { Description = "Print statistics on standard error at the end." };
        var verbose = new Option<string?>("--verbose", "-v")
        {
            HelpName = "CATEGORY",
            Description = "Log what parts of the machine do; all of them, or those whose names contain the words given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var trace = new Option<string>("--trace") { HelpName = "exits,interrupts,pages", Description = "Trace events on standard error." };
        var compare = new Option<bool>("--debug-compare")
        {
            Description = "Run the interpreter beside the translator and stop at the first difference; as --engine translator,compare.",
        };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "What the VM is called in \"ringmaster list\". [default: vm-PID]" };
        var control = new Option<string>("--control")
        {
            HelpName = "PATH|none",
            Description = $"Where the control socket is. [default: {ControlDirectory.Path}/NAME.sock]",
        };
        var output = OutputFormat.Option();

        var command = new Command("run", "Run a virtual machine.");
        foreach (var option in machine)
            command.Options.Add(option);
        foreach (var option in (Option[])[config, name, control, statistics, verbose, trace, compare, output])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var arguments = new OptionSet(new OptionText(Environment.CurrentDirectory));
            foreach (var option in machine)
            {
                foreach (var value in Values(parsed, option))
                    arguments.Set(option.Name.TrimStart('-'), value, option.Name);
            }
            var request = new RunRequest
            {
                Arguments = arguments,
                ConfigFile = parsed.GetValue(config),
                Name = parsed.GetValue(name),
                Control = parsed.GetValue(control),
                Statistics = parsed.GetValue(statistics),
                Trace = TraceOption.Parse(parsed.GetValue(trace)),
                Verbosity = parsed.GetResult(verbose) is null ? Verbosity.Quiet : Verbosity.Of(parsed.GetValue(verbose)),
                Compares = parsed.GetValue(compare),
                Json = OutputFormat.IsJson(parsed, output),
            };
            return new RunSession(environment, request).Run();
        });
        return command;
    }

    private static string[] Values(ParseResult parsed, Option<string[]> option) =>
        parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 } ? ["on"] : parsed.GetValue(option) ?? [];

    private static Option<string[]> Switch(string key, string description) => new($"--{key}")
    {
        HelpName = "on|off",
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static Option<string[]> Machine(string key, string value, string description, params string[] aliases) => new($"--{key}", aliases)
    {
        HelpName = value,
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
