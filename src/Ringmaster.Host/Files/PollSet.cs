using System.Runtime.InteropServices;

namespace Ringmaster.Host.Files;

/// <summary>
/// Waits for several descriptors at once (poll(2)). The set is filled anew for each wait. For one thread, which also sees to it
/// that none of the descriptors is closed meanwhile.
/// </summary>
public sealed unsafe class PollSet
{
    private FileNative.PollEntry[] _entries = new FileNative.PollEntry[8];
    private int _count;

    /// <summary>Takes everything out.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a descriptor.</summary>
    /// <param name="descriptor">An open one.</param>
    /// <param name="readable">Wait until it can be read, or is at its end.</param>
    /// <param name="writable">Wait until it can be written.</param>
    /// <returns>Its index in this set.</returns>
    public int Add(SafeHandle descriptor, bool readable, bool writable = false)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        _entries[_count] = new()
        {
            Fd = (int)descriptor.DangerousGetHandle(),
            Wanted = (short)((readable ? FileNative.PollIn : 0) | (writable ? FileNative.PollOut : 0)),
        };
        return _count++;
    }

    /// <summary>Waits until something happens to at least one of the descriptors.</summary>
    /// <param name="longest">After how many milliseconds to give up; endless if it is not said.</param>
    /// <exception cref="LinuxException">The host reports an error.</exception>
    public void Wait(int longest = Timeout.Infinite)
    {
        fixed (FileNative.PollEntry* entries = _entries)
        {
            // SAFETY: the array is pinned and has at least that many entries.
            while (FileNative.Poll(entries, (nuint)_count, longest) < 0)
            {
                if (Marshal.GetLastPInvokeError() != FileNative.Interrupted)
                    throw LinuxException.FromLastCall("poll");
            }
        }
    }

    /// <summary>Whether a descriptor can be read, is at its end or has failed, so that an attempt to read tells. Not so at index -1, for one
    /// that was not waited for.</summary>
    public bool IsReadable(int index) => Has(index, FileNative.PollIn);

    /// <summary>Whether a descriptor can be written or has failed, so that an attempt to write tells. Not so at index -1.</summary>
    public bool IsWritable(int index) => Has(index, FileNative.PollOut);

    private bool Has(int index, short what) =>
        index >= 0 && (_entries[index].Happened & (what | FileNative.PollError | FileNative.PollHangUp)) != 0;
}
