using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Network;

/// <summary>
/// The program's end of a TAP interface of the host (tuntap.rst). Frames go in and out behind a header of ten bytes, virtio's
/// for network devices in little-endian order, with checksums and segmentation left to do.
/// </summary>
public sealed unsafe class TapDevice : SafeHandleMinusOneIsInvalid
{
    /// <summary>Bytes of header before each frame.</summary>
    public const int HeaderSize = 10;

    /// <summary>Longest name of an interface.</summary>
    public const int LongestName = TapNative.LongestName;

    /// <summary>The device file.</summary>
    public const string ControlPath = "/dev/net/tun";

    private TapDevice(int number, string name) : base(ownsHandle: true)
    {
        SetHandle(number);
        Name = name;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; private set; }

    /// <summary>Whether the host's kernel cuts UDP into datagrams, which those before 6.2 do not.</summary>
    public bool CutsUdp { get; private set; }

    /// <summary>Opens the device file, which needs no interface yet.</summary>
    /// <exception cref="LinuxException">There is none, or it may not be opened.</exception>
    public static TapDevice Open()
    {
        var number = FileNative.Open(ControlPath, FileNative.ReadWrite | FileNative.NonBlocking | FileNative.CloseOnExec);
        return number < 0 ? throw LinuxException.FromLastCall($"opening {ControlPath}") : new(number, "");
    }

    /// <summary>Attaches to an interface, which is made if there is none of the name and vanishes with this object then.</summary>
    /// <param name="name">At most <see cref="LongestName"/> bytes.</param>
    /// <exception cref="LinuxException">It is in use, is no TAP interface, or belongs to somebody else.</exception>
    public void Attach(string name)
    {
        var request = Request(name);
        request.Flags = TapNative.Tap | TapNative.NoPacketInformation | TapNative.OffloadHeader;
        int headerSize = HeaderSize, littleEndian = 1;
        // SAFETY: each call reads or writes the local that it is given.
        if (TapNative.Control((int)handle, TapNative.SetInterface, &request) != 0)
            throw LinuxException.FromLastCall($"attaching to the interface {name}");
        if (TapNative.Control((int)handle, TapNative.SetHeaderSize, &headerSize) != 0
            || TapNative.Control((int)handle, TapNative.SetLittleEndian, &littleEndian) != 0)
            throw LinuxException.FromLastCall($"choosing the header of {name}");
        Name = name;
        const nuint tcp = TapNative.OffloadChecksum | TapNative.OffloadTcp4 | TapNative.OffloadTcp6 | TapNative.OffloadEcn;
        CutsUdp = TapNative.Control((int)handle, TapNative.SetOffload, tcp | TapNative.OffloadUdp4 | TapNative.OffloadUdp6) == 0;
        if (!CutsUdp && TapNative.Control((int)handle, TapNative.SetOffload, tcp) != 0)
            throw LinuxException.FromLastCall($"choosing offloads of {name}");
    }

    /// <summary>Sets the largest IP packet of the interface, in bytes.</summary>
    /// <exception cref="LinuxException">The host refuses.</exception>
    public void SetMtu(int mtu)
    {
        using var control = OpenControl();
        var request = Request(Name);
        request.Number = mtu;
        // SAFETY: as in Attach.
        if (TapNative.Control(control.Number, TapNative.SetMtu, &request) != 0)
            throw LinuxException.FromLastCall($"setting the MTU of {Name} to {mtu}");
    }

    /// <summary>Switches the interface on, unless it already is.</summary>
    /// <exception cref="LinuxException">The host refuses.</exception>
    public void BringUp()
    {
        using var control = OpenControl();
        var request = Request(Name);
        // SAFETY: as in Attach.
        if (TapNative.Control(control.Number, TapNative.GetFlags, &request) == 0 && (request.Flags & TapNative.Up) != 0)
            return;
        request.Flags |= TapNative.Up;
        if (TapNative.Control(control.Number, TapNative.SetFlags, &request) != 0)
            throw LinuxException.FromLastCall($"switching {Name} on");
    }

    /// <summary>Makes the interface a port of a bridge.</summary>
    /// <exception cref="LinuxException">There is no such bridge, or the host refuses.</exception>
    public void JoinBridge(string bridge)
    {
        using var control = OpenControl();
        var own = Request(Name);
        var request = Request(bridge);
        // SAFETY: as in Attach.
        if (TapNative.Control(control.Number, TapNative.GetIndex, &own) != 0)
            throw LinuxException.FromLastCall($"finding {Name}");
        request.Number = own.Number;
        if (TapNative.Control(control.Number, TapNative.AddToBridge, &request) != 0)
            throw LinuxException.FromLastCall($"adding {Name} to the bridge {bridge}");
    }

    /// <summary>Sends a frame to the host.</summary>
    /// <param name="header">What is left to do to it, <see cref="HeaderSize"/> bytes.</param>
    /// <param name="frame">The frame.</param>
    /// <returns><see cref="Transfer.Broken"/> also where the host finds the frame or the header wrong, and after the device was
    /// disposed.</returns>
    public Transfer TryWrite(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
    {
        using var use = new HandleUse(this);
        if (!use.IsOpen)
            return Transfer.Broken;
        fixed (byte* start = header, rest = frame)
        {
            var pieces = stackalloc SocketNative.Piece[2];
            pieces[0] = new() { Start = start, Length = (nuint)header.Length };
            pieces[1] = new() { Start = rest, Length = (nuint)frame.Length };
            // SAFETY: both spans are pinned and as long as their pieces say.
            if (TapNative.Write((int)handle, pieces, 2) >= 0)
                return Transfer.Done;
            return Marshal.GetLastPInvokeError() is FileNative.TryAgain or FileNative.Interrupted ? Transfer.Busy : Transfer.Broken;
        }
    }

    /// <summary>Takes a frame from the host without waiting.</summary>
    /// <param name="destination">Takes header and frame; of a longer frame, the rest is lost.</param>
    /// <param name="count">Bytes of both.</param>
    public Transfer TryRead(Span<byte> destination, out int count)
    {
        using var file = new FileDescriptor((int)handle, owned: false);
        return file.TryRead(destination, out count);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;

    private static FileDescriptor OpenControl()
    {
        var number = SocketNative.Open(TapNative.Internet, TapNative.Datagram | TapNative.CloseOnExec, 0);
        return number < 0 ? throw LinuxException.FromLastCall("socket") : new(number, owned: true);
    }

    private static TapNative.InterfaceRequest Request(string name)
    {
        var request = default(TapNative.InterfaceRequest);
        // The last byte stays zero. SAFETY: the span covers the array in the local.
        if (!Encoding.UTF8.TryGetBytes(name, new Span<byte>(request.Name, LongestName), out _))
            throw new ArgumentException($"{name} is longer than the {LongestName} bytes of an interface's name.", nameof(name));
        return request;
    }
}
