using System.Collections;
using System.Runtime.InteropServices;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Processes;

/// <summary>
/// A program that runs beside this one and shares a descriptor with it. It reads nothing from standard input, its standard
/// output is lost, and it is in a process group of its own, so that keys typed at the terminal do not end it.
/// </summary>
public sealed unsafe class ChildProcess : IDisposable
{
    /// <summary>The number by which the child knows the shared descriptor.</summary>
    public const int SharedNumber = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly int _process;
    private int _status;
    private bool _ended;

    private ChildProcess(int process, FileDescriptor errors)
    {
        _process = process;
        Errors = errors;
    }

    /// <summary>What the child writes to standard error; does not wait when read.</summary>
    public FileDescriptor Errors { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="file">Its path, or a name that PATH is searched for.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <param name="shared">Becomes its descriptor <see cref="SharedNumber"/>; the caller closes its own afterwards.</param>
    /// <returns>Null if there is no such program.</returns>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    public static ChildProcess? Start(string file, IReadOnlyList<string> arguments, SafeHandle shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        var ends = stackalloc int[2];
        // SAFETY: the call writes two descriptors.
        if (FileNative.Pipe(ends, FileNative.CloseOnExec | FileNative.NonBlocking) != 0)
            throw LinuxException.FromLastCall("pipe2");
        var errors = new FileDescriptor(ends[0], owned: true);
        using var theirs = new FileDescriptor(ends[1], owned: true);
        var result = Spawn(file, arguments, (int)shared.DangerousGetHandle(), theirs.Number, out var process);
        if (result == 0)
            return new(process, errors);
        errors.Dispose();
        if (result == ProcessNative.NoSuchFile)
            return null;
        // posix_spawn returns the error rather than storing it.
        Marshal.SetLastPInvokeError(result);
        throw LinuxException.FromLastCall($"starting {file}");
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>Whether it has ended.</returns>
    public bool WaitForExit(TimeSpan longest)
    {
        var deadline = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        while (!HasEnded())
        {
            if (Environment.TickCount64 >= deadline)
                return false;
            Thread.Sleep(2);
        }
        return true;
    }

    /// <summary>How it ended: <c>"exit code 1"</c>, <c>"signal 9"</c>; null while it runs.</summary>
    public string? Ending => !HasEnded() ? null : (_status & 0x7F) == 0 ? $"exit code {_status >> 8 & 0xFF}" : $"signal {_status & 0x7F}";

    /// <summary>Ends the child, politely first, and takes its remains away.</summary>
    public void Dispose()
    {
        if (!HasEnded())
        {
            // The number cannot have been given to another process: the child has not been waited for.
            _ = ProcessNative.Signal(_process, ProcessNative.Terminate);
            if (!WaitForExit(Grace))
            {
                _ = ProcessNative.Signal(_process, ProcessNative.Kill);
                WaitForExit(Grace);
            }
        }
        Errors.Dispose();
    }

    private bool HasEnded()
    {
        if (_ended)
            return true;
        var status = 0;
        // SAFETY: the call writes one int. An error means that somebody else has waited for the child: it has ended.
        var result = ProcessNative.Wait(_process, &status, ProcessNative.NoHang);
        _ended = result == _process || (result < 0 && Marshal.GetLastPInvokeError() != FileNative.Interrupted);
        _status = status;
        return _ended;
    }

    /// <summary>Closes what this program was itself started with and does not know of, where the C library can.</summary>
    private static void CloseInherited(void* actions)
    {
        try
        {
            // SAFETY: the object has been initialised.
            _ = ProcessNative.AddCloseFrom(actions, SharedNumber + 1);
        }
        catch (EntryPointNotFoundException)
        {
            // What this program opened itself is closed in any case.
        }
    }

    private static int Spawn(string file, IReadOnlyList<string> arguments, int shared, int errors, out int process)
    {
        var actions = stackalloc byte[ProcessNative.OpaqueSize];
        var attributes = stackalloc byte[ProcessNative.OpaqueSize];
        var all = stackalloc byte[ProcessNative.SignalSetSize];
        var none = stackalloc byte[ProcessNative.SignalSetSize];
        new Span<byte>(all, ProcessNative.SignalSetSize).Fill(0xFF);
        new Span<byte>(none, ProcessNative.SignalSetSize).Clear();
        // SAFETY: both objects have more room than the C library needs and are destroyed below; strings live until then.
        _ = ProcessNative.InitActions(actions);
        _ = ProcessNative.InitAttributes(attributes);
        var texts = new NativeTexts();
        try
        {
            // Standard error first: its pipe may have the number that the shared descriptor is to get.
            _ = ProcessNative.AddDuplicate(actions, errors, 2);
            _ = ProcessNative.AddDuplicate(actions, shared, SharedNumber);
            _ = ProcessNative.AddOpen(actions, 0, "/dev/null", FileNative.ReadOnly, 0);
            _ = ProcessNative.AddOpen(actions, 1, "/dev/null", FileNative.WriteOnly, 0);
            CloseInherited(actions);
            // What this program ignores (SIGPIPE), the child must not.
            _ = ProcessNative.SetDefaults(attributes, all);
            _ = ProcessNative.SetMask(attributes, none);
            _ = ProcessNative.SetFlags(attributes, ProcessNative.SetGroup | ProcessNative.SetDefaultSignals | ProcessNative.SetSignalMask);
            var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}");
            return ProcessNative.Spawn(
                out process, texts.Add(file), actions, attributes, texts.Add([file, .. arguments]), texts.Add([.. environment]));
        }
        finally
        {
            texts.Dispose();
            _ = ProcessNative.DestroyActions(actions);
            _ = ProcessNative.DestroyAttributes(attributes);
        }
    }
}
