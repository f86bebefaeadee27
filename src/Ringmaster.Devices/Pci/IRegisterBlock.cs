namespace Ringmaster.Devices.Pci;

/// <summary>Registers behind a base address register. A guest may use any offset, size and alignment inside.</summary>
public interface IRegisterBlock
{
    /// <summary>The guest reads.</summary>
    /// <param name="offset">From the start of the block.</param>
    /// <param name="size">1 to 8 bytes, 1, 2 or 4 for ports; all of them inside the block.</param>
    /// <returns>The value in the low <paramref name="size"/> bytes.</returns>
    ulong Read(ulong offset, int size);

    /// <summary>The guest writes.</summary>
    /// <param name="offset">From the start of the block.</param>
    /// <param name="size">As for <see cref="Read"/>.</param>
    /// <param name="value">The value; bytes above <paramref name="size"/> are zero.</param>
    void Write(ulong offset, int size, ulong value);
}
