namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>A DMA channel as the device on it sees it.</summary>
public interface IDmaChannel
{
    /// <summary>Called when the channel may have become able to move data for a device that waits for that.</summary>
    Action? Ready { get; set; }

    /// <summary>Moves bytes from the device to memory, as many as the channel takes now.</summary>
    DmaTransfer ToMemory(ReadOnlySpan<byte> bytes);

    /// <summary>Moves bytes from memory to the device, as many as the channel gives now. What is not memory reads as ones.</summary>
    DmaTransfer FromMemory(Span<byte> bytes);
}
