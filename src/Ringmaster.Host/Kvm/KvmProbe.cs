using System.Diagnostics;

namespace Ringmaster.Host.Kvm;

/// <summary>
/// Finds out whether /dev/kvm can run ordinary guests, by running one (<see cref="ProbeGuest"/>). Some hosts answer every call and
/// still cannot, so nothing less tells.
/// </summary>
public static class KvmProbe
{
    // A processor needs a few thousand cycles for the guest's 6000 instructions, one that is emulated itself some ten times as
    // many; a kernel that emulates them needs milliseconds. What else the host does only adds to it, so the best try counts.
    private const int Tries = 3;
    private const double MostNanosecondsPerInstruction = 100;

    private const int MeasuredExits = 10_000, FewestMeasuredExits = 100;
    private static readonly TimeSpan s_measuring = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries the device, which takes some milliseconds. Never throws for what it does.</summary>
    /// <param name="path">The device, normally <c>/dev/kvm</c>.</param>
    /// <param name="timeout">How long the guest may take.</param>
    public static KvmProbeResult Try(string path, TimeSpan timeout) => Examine(path, timeout, measures: false);

    /// <summary>Tries the device as <see cref="Try"/> does, and then measures what exits cost, which takes up to half a second more.</summary>
    /// <param name="path">The device, normally <c>/dev/kvm</c>.</param>
    /// <param name="timeout">How long the guest may take.</param>
    public static KvmProbeResult Measure(string path, TimeSpan timeout) => Examine(path, timeout, measures: true);

    private static KvmProbeResult Examine(string path, TimeSpan timeout, bool measures)
    {
        ArgumentNullException.ThrowIfNull(path);
        var start = Stopwatch.GetTimestamp();
        KvmProbeResult? result = null;
        var number = 0;
        var thread = new Thread(() => Volatile.Write(ref result, Examine(path, measures, ref number))) { IsBackground = true, Name = "kvm-probe" };
        thread.Start();
        KvmProbeResult found;
        if (thread.Join(timeout))
        {
            found = Volatile.Read(ref result)!;
        }
        else
        {
            found = new(KvmProbeStep.RunGuest, $"{path} accepts a guest but did not come back from it within {timeout.TotalSeconds:0.#} s.") { TimedOut = true };
            // It must not go on using a CPU. One that not even a signal ends goes with the process, being in the background.
            if (Volatile.Read(ref number) is var known and not 0)
                KickSignal.Send(known);
        }
        return found with { Duration = Stopwatch.GetElapsedTime(start) };
    }

    private static KvmProbeResult Examine(string path, bool measures, ref int number)
    {
        var mode = 0;
        try
        {
            Volatile.Write(ref number, KickSignal.CurrentThread);
            using var vm = new ProbeVm(path);
            for (var bits = 16; bits <= 64; mode = bits, bits *= 2)
                Expect(vm, ProbeGuest.ModePort, (byte)bits);
            if (NanosecondsPerInstruction(vm) is var cost and > MostNanosecondsPerInstruction)
                throw new ProbeFailure(KvmProbeStep.RunNatively, $"each instruction of it took {cost:0} ns");
            return new(KvmProbeStep.Works, "A guest ran in real, protected and long mode and wrote a port in each, as it should.")
            {
                WidestMode = mode, ExitCost = measures ? MeasureExits(vm) : null,
            };
        }
        catch (ProbeFailure failure)
        {
            return new(failure.Step == KvmProbeStep.RunGuest && mode == 64 ? KvmProbeStep.RunNatively : failure.Step, Explain(failure, mode))
            {
                Error = failure.Error, WidestMode = mode,
            };
        }
        catch (LinuxException error)
        {
            return new(KvmProbeStep.MapMemory, $"{error.Message}.");
        }
    }

    private static string Explain(ProbeFailure failure, int mode) => (failure.Step, mode) switch
    {
        (< KvmProbeStep.RunGuest, _) => failure.Message,
        (_, 0) => $"The device accepts a guest but cannot run it: {failure.Message.TrimEnd('.')}.",
        (_, 64) => "The device only runs guests that are made for it (paravirtual ones): an ordinary guest's instructions are not executed by the "
            + $"processor but emulated, and {failure.Message.TrimEnd('.')}.",
        _ => $"The device ran a guest in {mode}-bit mode, but not beyond: {failure.Message.TrimEnd('.')}.",
    };

    private static void Expect(ProbeVm vm, ushort port, byte value)
    {
        if (vm.Run() != (port, value))
            throw new ProbeFailure(KvmProbeStep.RunGuest, "its write to a port arrived wrong");
    }

    /// <summary>What one of the guest's own instructions takes, above what an exit takes.</summary>
    private static double NanosecondsPerInstruction(ProbeVm vm)
    {
        double computing = double.MaxValue, leaving = double.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            leaving = Math.Min(leaving, Nanoseconds(vm, ProbeGuest.VectorPort));
            computing = Math.Min(computing, Nanoseconds(vm, ProbeGuest.ComputedPort));
        }
        return Math.Max(0, computing - leaving) / (3 * ProbeGuest.Rounds);
    }

    private static KvmExitCost MeasureExits(ProbeVm vm)
    {
        var times = new List<double>(MeasuredExits);
        var start = Stopwatch.GetTimestamp();
        while (times.Count < FewestMeasuredExits || (times.Count < MeasuredExits && Stopwatch.GetElapsedTime(start) < s_measuring))
        {
            times.Add(Nanoseconds(vm, ProbeGuest.VectorPort));
            Expect(vm, ProbeGuest.ComputedPort, 64);
        }
        times.Sort();
        return new(times.Count, 1e9 / times.Average(), times[times.Count / 2]);
    }

    private static double Nanoseconds(ProbeVm vm, ushort port)
    {
        var start = Stopwatch.GetTimestamp();
        Expect(vm, port, 64);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}
