using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Suite;

/// <summary>Finds out where can be measured: natively, in QEMU, in which engines.</summary>
internal static class SettingFinder
{
    public static async Task<IReadOnlyList<Setting>> FindAsync(SuiteOptions options, Outcome outcome, CancellationToken cancellation)
    {
        var settings = new List<Setting> { Setting.Native };
        if (HostTool.Qemu.IsThere)
            settings.Add(new Setting(Setting.QemuName, new QemuMonitor(options.Qemu)));
        else
            outcome.Skip(Setting.QemuName, $"this host has no {HostTool.Qemu.Command}. {HostTool.Qemu.Remedy}");

        // Also builds what the launcher starts, which must not count.
        var (exit, output, errors) = await HostCommand.RunAsync(options.Launcher, ["doctor", "-o", "json"], cancellation).ConfigureAwait(false);
        if (exit != 0)
            throw new BenchmarkException($"\"{options.Launcher} doctor\" failed, so that there is nothing to measure. {errors.Trim()}");
        foreach (var engine in Choose(options.Engines, EngineInfo.ParseDoctor(output), outcome))
            settings.Add(new Setting(engine, new RingmasterMonitor(options.Launcher, engine, options.Cpu)));
        return settings;
    }

    /// <summary>Those of the wanted engines that work. For each other there is a reason.</summary>
    internal static IReadOnlyList<string> Choose(IReadOnlyList<string>? wanted, IReadOnlyList<EngineInfo> there, Outcome outcome)
    {
        var chosen = new List<string>();
        foreach (var name in wanted ?? [.. there.Select(engine => engine.Name)])
        {
            var engine = there.FirstOrDefault(e => e.Name == name);
            if (engine is { Available: true })
                chosen.Add(name);
            else
                outcome.Skip(name, engine?.Explanation ?? $"this Ringmaster has no such engine; it has {string.Join(", ", there.Select(e => e.Name))}.");
        }
        return chosen;
    }
}
