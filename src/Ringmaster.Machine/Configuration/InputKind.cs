namespace Ringmaster.Machine.Configuration;

/// <summary>A keyboard or pointer of the guest's.</summary>
public enum InputKind
{
    /// <summary>A virtio tablet, which tells where the pointer is. Until it has a driver, the PS/2 mouse is used.</summary>
    Tablet,

    /// <summary>The PS/2 mouse alone, which every machine has.</summary>
    Mouse,

    /// <summary>A virtio keyboard. Until it has a driver, the PS/2 keyboard is used, which every machine has.</summary>
    Keyboard,
}
