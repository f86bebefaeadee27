using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage;

/// <summary>One request of a <see cref="BlockJob"/>.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="Offset">The first byte on the disk; a multiple of <see cref="BlockRequest.SectorSize"/>.</param>
/// <param name="Length">Bytes, a multiple of <see cref="BlockRequest.SectorSize"/>.</param>
/// <param name="MayUnmap">See <see cref="BlockRequest.MayUnmap"/>.</param>
public readonly record struct BlockStep(BlockOperation Operation, ulong Offset, ulong Length, bool MayUnmap = false)
{
    /// <summary>The most bytes of a step with <see cref="Fields"/>: it reads to the host's memory first.</summary>
    internal const ulong MostAside = 1024 * CdSector.UserLength;

    /// <summary>
    /// Which parts of a CD's blocks the host gets, where that is not just what is read. None at all is what a disk does that
    /// verifies sectors.
    /// </summary>
    public CdFields? Fields { get; init; }

    /// <summary>Whether it moves bytes between the disk and memory.</summary>
    internal bool Moves => Operation is BlockOperation.Read or BlockOperation.Write && Fields != CdFields.None;

    /// <summary>Bytes that the host gets or gives.</summary>
    internal ulong Moved => !Moves ? 0 : Fields is { } fields ? Length / CdSector.UserLength * (ulong)CdSector.Length(fields) : Length;

    /// <summary>Whether it is one that a back end takes.</summary>
    internal bool IsValid => Enum.IsDefined(Operation) && Offset % BlockRequest.SectorSize == 0 && Length % BlockRequest.SectorSize == 0
        && (Fields is null or CdFields.None || (AreBlocks && CdSector.Length(Fields.Value) != 0))
        && (Fields is null || (Operation == BlockOperation.Read && Length <= MostAside));

    private bool AreBlocks => Offset % CdSector.UserLength == 0 && Length % CdSector.UserLength == 0 && (Fields & ~CdFields.All) == 0;

    /// <summary>The same work in pieces that are not longer than <see cref="MostAside"/>.</summary>
    internal IEnumerable<BlockStep> Split()
    {
        for (ulong done = 0; done < Length; done += MostAside)
            yield return this with { Offset = Offset + done, Length = Math.Min(Length - done, MostAside) };
    }

    /// <summary>Makes what the host gets of what was read.</summary>
    /// <param name="read">The bytes of the disk.</param>
    /// <param name="into">Gets <see cref="Moved"/> bytes.</param>
    internal void Shape(ReadOnlySpan<byte> read, Span<byte> into)
    {
        if (Fields is not { } fields || fields == CdFields.None)
            return;
        var length = CdSector.Length(fields);
        for (var block = (uint)(Offset / CdSector.UserLength); !read.IsEmpty; block++)
        {
            CdSector.Make(block, read[..CdSector.UserLength], fields, into[..length]);
            read = read[CdSector.UserLength..];
            into = into[length..];
        }
    }
}
