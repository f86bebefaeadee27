using System.Globalization;

namespace Ringmaster.Machine.Running;

/// <summary>The host threads of a machine's vCPUs: the caller's for the first, one of its own for each of the others.</summary>
internal static class VcpuThreads
{
    /// <summary>Runs all vCPUs until none is wanted to go on any more; all have stopped at a consistent point then.</summary>
    /// <param name="runners">The loops; at least one.</param>
    /// <param name="isWanted">Whether to go on; called with the machine's lock held.</param>
    /// <param name="failed">Hears of what a loop has thrown. It must see to it that the others are not wanted any more.</param>
    public static void Run(IReadOnlyList<VcpuRunner> runners, Func<bool> isWanted, Action<Exception> failed)
    {
        var threads = new List<Thread>();
        Guarded(() =>
        {
            foreach (var runner in runners.Skip(1))
                threads.Add(Start(runner));
            runners[0].Run(isWanted);
        });
        threads.ForEach(thread => thread.Join());

        Thread Start(VcpuRunner runner)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"vcpu-{runner.Vcpu.Index}");
            var thread = new Thread(() => Guarded(() => runner.Run(isWanted))) { Name = name, IsBackground = true };
            thread.Start();
            return thread;
        }

        void Guarded(Action action)
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // Thrown again by the thread that runs the machine, once all have stopped.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failed(failure);
            }
        }
    }
}
