using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>Commands of the control queue (virtio 1.2 section 5.1.6.5).</summary>
public sealed partial class VirtioNet
{
    private const byte Done = 0, Refused = 1;
    private const int CommandHeader = 2;
    private const byte ReceptionClass = 0, MacClass = 1, VlanClass = 2, AnnounceClass = 3, QueueClass = 4, OffloadClass = 5;
    private const int MacTableSet = 0, MacAddressSet = 1, VlanAdd = 0, VlanDelete = 1, AnnounceDone = 0, PairsSet = 0, RssSet = 1, HashSet = 2, OffloadsSet = 0;
    private const int VlanCount = 4096;

    private void WorkControl(VirtQueue queue)
    {
        var isAnyDone = false;
        do
        {
            while (queue.Take() is { } chain)
            {
                isAnyDone = true;
                var outcome = TryCommand(chain.Readable) ? Done : Refused;
                queue.Return(chain, chain.Writable.TryWrite(0, [outcome]) ? 1u : 0);
            }
        }
        while (queue.AskForNotification(true));
        if (isAnyDone)
            queue.Notify();
    }

    private bool TryCommand(BufferList command)
    {
        Span<byte> header = stackalloc byte[CommandHeader];
        if (!command.TryRead(0, header))
            return false;
        return (header[0], (int)header[1]) switch
        {
            (ReceptionClass, <= (int)ReceiveMode.AllMulticast) => Has(NetFeature.ControlReception) && TrySetMode(command, (ReceiveMode)header[1]),
            (ReceptionClass, <= (int)ReceiveMode.NoBroadcast) => Has(NetFeature.ControlReceptionExtra) && TrySetMode(command, (ReceiveMode)header[1]),
            (MacClass, MacTableSet) => Has(NetFeature.ControlReception) && TrySetTables(command),
            (MacClass, MacAddressSet) => Has(NetFeature.ControlMac) && TrySetAddress(command),
            (VlanClass, VlanAdd or VlanDelete) => Has(NetFeature.ControlVlan) && TrySetVlan(command, header[1] == VlanAdd),
            (AnnounceClass, AnnounceDone) => Has(NetFeature.GuestAnnounce) && TryEndAnnouncing(),
            (QueueClass, PairsSet) => Has(NetFeature.MultiQueue) && TryReadWord(command, CommandHeader, out var pairs) && _steering.TrySetPairs(pairs),
            (QueueClass, RssSet) => Has(NetFeature.Rss) && TrySetTable(command),
            (QueueClass, HashSet) => Has(NetFeature.HashReport) && TrySetHash(command),
            (OffloadClass, OffloadsSet) => Has(NetFeature.ControlGuestOffloads) && TrySetOffloads(command),
            _ => false,
        };
    }

    private bool Has(ulong feature) => (Agreed & feature) != 0;

    private bool TrySetMode(BufferList command, ReceiveMode mode)
    {
        Span<byte> isOn = stackalloc byte[1];
        if (!command.TryRead(CommandHeader, isOn))
            return false;
        _filter.Set(mode, isOn[0] != 0);
        return true;
    }

    /// <summary>Two tables, each behind the number of its addresses.</summary>
    private bool TrySetTables(BufferList command)
    {
        ulong at = CommandHeader;
        if (!TryReadTable(command, ref at, out var unicast) || !TryReadTable(command, ref at, out var multicast))
            return false;
        _filter.ClearAddresses();
        SetTable(isMulticast: false, unicast);
        SetTable(isMulticast: true, multicast);
        return true;
    }

    private void SetTable(bool isMulticast, List<ulong>? addresses)
    {
        if (addresses is null)
            _filter.SetFull(isMulticast);
        else
            _filter.SetAddresses(isMulticast, addresses);
    }

    /// <summary>Reads a table; null for one that is too long.</summary>
    private static bool TryReadTable(BufferList command, ref ulong at, out List<ulong>? addresses)
    {
        addresses = null;
        Span<byte> bytes = stackalloc byte[MacAddress.Size];
        if (!command.TryRead(at, bytes[..sizeof(uint)]))
            return false;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var first = at + sizeof(uint);
        at = first + (ulong)count * MacAddress.Size;
        if (at > command.Length)
            return false;
        if (count > ReceiveFilter.MostAddresses)
            return true;
        addresses = [];
        for (ulong i = 0; i < count; i++)
        {
            if (!command.TryRead(first + i * MacAddress.Size, bytes))
                return false;
            addresses.Add(MacAddress.Read(bytes).Value);
        }
        return true;
    }

    private bool TrySetAddress(BufferList command)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Size];
        if (!command.TryRead(CommandHeader, bytes))
            return false;
        _mac = MacAddress.Read(bytes);
        return true;
    }

    private bool TrySetVlan(BufferList command, bool isOn)
    {
        if (!TryReadWord(command, CommandHeader, out var vlan) || vlan >= VlanCount)
            return false;
        _filter.SetVlan(vlan, isOn);
        return true;
    }

    private bool TryEndAnnouncing()
    {
        _isAnnouncing = false;
        return true;
    }

    /// <summary>Types, mask, pair of what is not hashed, table, last pair to transmit by, key (section 5.1.6.5.7.1).</summary>
    private bool TrySetTable(BufferList command)
    {
        if (!TryReadTypes(command, out var types) || !TryReadWord(command, CommandHeader + 4, out var mask) || mask >= ReceiveSteering.TableLength
            || !TryReadWord(command, CommandHeader + 6, out var unclassified))
            return false;
        var table = new ushort[mask + 1];
        for (var i = 0; i < table.Length; i++)
        {
            if (!TryReadWord(command, CommandHeader + 8 + 2 * i, out table[i]))
                return false;
        }
        var end = CommandHeader + 8 + 2 * table.Length;
        Span<byte> key = stackalloc byte[ReceiveSteering.KeyLength];
        return TryReadWord(command, end, out var transmitters) && transmitters >= 1 && transmitters <= _options.QueuePairs
            && TryReadKey(command, end + 2, ref key) && _steering.TrySetTable(types, table, unclassified, key);
    }

    /// <summary>Types, four reserved words, key (section 5.1.6.5.6.4).</summary>
    private bool TrySetHash(BufferList command)
    {
        Span<byte> key = stackalloc byte[ReceiveSteering.KeyLength];
        return TryReadTypes(command, out var types) && TryReadKey(command, CommandHeader + 12, ref key) && _steering.TrySetHash(types, key);
    }

    private bool TrySetOffloads(BufferList command)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        if (!command.TryRead(CommandHeader, bytes))
            return false;
        var offloads = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if ((offloads & ~(Agreed & NetFeature.GuestOffloads)) != 0)
            return false;
        _guestOffloads = offloads;
        return true;
    }

    private static bool TryReadTypes(BufferList command, out uint types)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        var isRead = command.TryRead(CommandHeader, bytes);
        types = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return isRead;
    }

    /// <summary>Reads a key behind its length in bytes.</summary>
    private static bool TryReadKey(BufferList command, int at, ref Span<byte> key)
    {
        Span<byte> length = stackalloc byte[1];
        if (!command.TryRead((ulong)at, length) || length[0] > key.Length)
            return false;
        key = key[..length[0]];
        return command.TryRead((ulong)at + 1, key);
    }

    private static bool TryReadWord(BufferList command, int at, out ushort word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        var isRead = command.TryRead((ulong)at, bytes);
        word = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return isRead;
    }
}
