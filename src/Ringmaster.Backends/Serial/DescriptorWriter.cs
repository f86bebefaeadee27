using Ringmaster.Host;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Serial;

/// <summary>Writes to a descriptor until it fails; from then on, bytes are lost silently, as on an unplugged line.</summary>
internal sealed class DescriptorWriter(FileDescriptor descriptor, WakeSignal stop)
{
    private bool _broken;

    /// <summary>Why writing has ended, if it has.</summary>
    internal LinuxException? Failure { get; private set; }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_broken)
        {
            try
            {
                if (!descriptor.WaitWritable(stop))
                    return;
                bytes = bytes[descriptor.Write(bytes)..];
            }
            catch (LinuxException error)
            {
                Failure = error;
                _broken = true;
            }
        }
    }
}
