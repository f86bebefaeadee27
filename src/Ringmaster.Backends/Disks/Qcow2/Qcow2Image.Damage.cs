using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>What happens once an image turns out to be damaged: it is not written any more, here or by anybody else.</summary>
internal sealed partial class Qcow2Image
{
    private void ThrowIfDamaged()
    {
        if (_damage is not null)
            throw new DiskImageException(_damage);
    }

    private void NoteDamage(DiskImageException error)
    {
        _damage = error.Message;
        if (Header.Version < 3)
            return;
        _tables.Header = Header with { Incompatible = Header.Incompatible | Qcow2Features.Corrupt };
        WriteIncompatible();
    }

    private void WriteIncompatible()
    {
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bits, Header.Incompatible);
        _file.Write(Qcow2Header.IncompatibleAt, bits);
        _file.Sync();
    }
}
