namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Says that an image contradicts itself.</summary>
internal static class Qcow2Damage
{
    internal static DiskImageException Found(string path, string what) =>
        new($"{path} is damaged: {what}. Try \"ringmaster image check --repair\" on a copy, or restore it.") { DamagedPath = path };
}
