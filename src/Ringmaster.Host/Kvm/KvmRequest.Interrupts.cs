namespace Ringmaster.Host.Kvm;

/// <content>Those about interrupt controllers.</content>
internal static partial class KvmRequest
{
    // Of a VM.
    internal const nuint SignalMsi = 0x4020_AEA5, SetRouting = 0x4008_AE6A, IoEvent = 0x4040_AE79, CreateControllers = 0xAE60,
        SetInput = 0x4008_AE61, GetController = 0xC208_AE62, SetController = 0x8208_AE63;

    // Of a vCPU.
    internal const nuint GetLocalApic = 0x8400_AE8E, SetLocalApic = 0x4400_AE8F, GetActivity = 0x8004_AE98, SetActivity = 0x4004_AE99;
}
