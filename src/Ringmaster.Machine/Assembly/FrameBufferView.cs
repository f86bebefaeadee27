using Ringmaster.Devices.Display.Vga;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// Lets vCPUs load and store video memory without exits where the guest has placed it. Where it cannot be shown, accesses are exits,
/// and mean the same.
/// </summary>
/// <param name="memory">The guest's memory.</param>
/// <param name="video">Video memory.</param>
/// <param name="card">Knows where it is placed.</param>
/// <param name="layout">Where device memory may be shown: the board's own devices are elsewhere.</param>
/// <param name="requests">Has the change made while all vCPUs stand still.</param>
internal sealed class FrameBufferView(GuestMemory memory, DeviceMemory video, VgaCard card, PciLayout layout, MachineRequests requests)
{
    private GuestPhysicalAddress? _shown;
    private bool _isAsked;

    /// <summary>Where the last byte that could be shown ends.</summary>
    public static GuestPhysicalAddress Reach => new(1UL << 32);

    /// <summary>The guest has moved it, perhaps only to find out how large it is.</summary>
    public void Moved()
    {
        if (_isAsked)
            return;
        _isAsked = true;
        requests.AskChange(Follow);
    }

    private void Follow()
    {
        _isAsked = false;
        var place = card.FrameBuffer is { } at && layout.Low.Start <= at && at + video.Length <= layout.Low.End && memory.CanShow(new RamRange(at, video.Length))
            ? at : (GuestPhysicalAddress?)null;
        if (place == _shown)
            return;
        memory.Show(video, place);
        _shown = place;
        requests.MapChanged = true;
    }
}
