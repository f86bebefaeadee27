using System.Diagnostics;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>The host CPU, reached through a child process that runs sequences natively.</summary>
internal sealed class Oracle : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly byte[] _reply = new byte[1];

    public Oracle(string program)
    {
        Memory = new OracleMemory();
        _process = Process.Start(new ProcessStartInfo(program, [Memory.FilePath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // An empty batch: the oracle has mapped everything when it answers.
        Run(0);
    }

    /// <summary>What is shared with it.</summary>
    public OracleMemory Memory { get; }

    /// <summary>Runs the first slots of the shared memory.</summary>
    public void Run(int count)
    {
        var input = _process.StandardInput.BaseStream;
        input.Write(BitConverter.GetBytes(count));
        input.Flush();
        using var patience = new CancellationTokenSource(s_patience);
        var read = _process.StandardOutput.BaseStream.ReadAsync(_reply, patience.Token).AsTask().GetAwaiter().GetResult();
        if (read == 1)
            return;
        _process.WaitForExit(1000);
        throw new InvalidOperationException($"The oracle ended: {_process.StandardError.ReadToEnd()}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
        Memory.Dispose();
    }
}
