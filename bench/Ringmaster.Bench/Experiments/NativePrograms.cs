using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Experiments;

/// <summary>Runs benchmark programs on the host itself.</summary>
/// <param name="executable">The programs.</param>
internal sealed class NativePrograms(string executable)
{
    /// <summary>Runs one after the other.</summary>
    /// <exception cref="BenchmarkException">One fails, so that there is nothing to compare with.</exception>
    public async Task<IReadOnlyList<ProgramResult>> RunAsync(IEnumerable<PlannedProgram> plan, CancellationToken cancellation)
    {
        var results = new List<ProgramResult>();
        foreach (var program in plan)
        {
            var (exit, output, errors) = await HostCommand.RunAsync(executable, program.Arguments, cancellation).ConfigureAwait(false);
            if (exit != 0 || !ProgramResult.TryParse(output.TrimEnd(), out var result))
                throw new BenchmarkException($"{program.Name} failed on the host with exit code {exit}. {errors.Trim()} Leave it out with --only.");
            results.Add(result);
        }
        return results;
    }

    /// <summary>What programs there are.</summary>
    public async Task<IReadOnlyList<ProgramInfo>> ListAsync(CancellationToken cancellation)
    {
        var (exit, output, errors) = await HostCommand.RunAsync(executable, ["list"], cancellation).ConfigureAwait(false);
        return exit == 0
            ? ProgramInfo.ParseList(output)
            : throw new BenchmarkException($"The benchmark programs do not run on this host: {errors.Trim()} It must be an x86-64 Linux.");
    }
}
